/** What the verbs of this connector share: one org, its settings and what is known of its objects. */
import type { Deps } from '../connector.ts'
import type { Client } from './client.ts'
import type { Schemas } from './schema.ts'
import type { Settings } from './settings.ts'

export type Org = { readonly settings: Settings; readonly deps: Deps; readonly client: Client; readonly schemas: Schemas }
