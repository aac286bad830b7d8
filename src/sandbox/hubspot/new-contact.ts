/** What HubSpot sets on every new contact, whoever makes it. Seen on the live API. */
export const NEW_CONTACT: Readonly<Record<string, string>> = {
  hs_pipeline: 'contacts-lifecycle-pipeline',
  hs_marketable_status: 'false',
  hs_marketable_until_renewal: 'false',
  hs_is_unworked: 'true',
  hs_membership_has_accessed_private_content: '0',
  hs_registered_member: '0',
}
