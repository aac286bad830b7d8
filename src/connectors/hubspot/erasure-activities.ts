/** The objects around a contact, and which of their properties hold words of or about a person (HubSpot docs: engagements). */

export type Thing = {
  readonly name: string
  readonly texts: readonly string[]
}

/** A person's own when nobody else is associated with it. */
export const activities: readonly Thing[] = [
  { name: 'notes', texts: ['hs_note_body'] },
  { name: 'emails', texts: ['hs_email_subject', 'hs_email_text', 'hs_email_html', 'hs_email_headers'] },
  { name: 'calls', texts: ['hs_call_title', 'hs_call_body', 'hs_call_from_number', 'hs_call_to_number', 'hs_call_recording_url'] },
  { name: 'meetings', texts: ['hs_meeting_title', 'hs_meeting_body', 'hs_internal_meeting_notes', 'hs_meeting_location'] },
  { name: 'tasks', texts: ['hs_task_subject', 'hs_task_body'] },
  { name: 'communications', texts: ['hs_communication_body'] },
  { name: 'postal_mail', texts: ['hs_postal_mail_body'] },
]

/** The company's: they stay, without the person's traits. */
export const related: readonly Thing[] = [
  { name: 'deals', texts: ['dealname', 'description'] },
  { name: 'tickets', texts: ['subject', 'content'] },
]

/** Not of any contact, and yet they may speak of one. */
export const elsewhere: readonly Thing[] = [{ name: 'companies', texts: ['name', 'description'] }]
