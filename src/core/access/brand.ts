/** How the vendors write their names. */

const brands: Readonly<Record<string, string>> = { hubspot: 'HubSpot', salesforce: 'Salesforce' }
export function brandOf(crm: string): string {
  return brands[crm] ?? crm
}
