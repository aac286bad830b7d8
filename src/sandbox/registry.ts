import type { CrmOptions, SandboxCrm } from './crm.ts'
import { createHubSpot } from './hubspot/index.ts'
import { createSalesforce } from './salesforce/index.ts'

/** Every foreign CRM of the sandbox, in the order of their ports. */
export const CRMS: readonly ((options: CrmOptions) => SandboxCrm)[] = [createHubSpot, createSalesforce]
