/** The connection under which Accord keeps what was said to itself; no CRM may be called so. */
export const OWN = 'accord'
