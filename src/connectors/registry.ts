/** The only file that names every CRM. */
import { ConnectorError, type Connector, type ConnectorDefinition, type Deps } from './connector.ts'
import { hubspot } from './hubspot/index.ts'
import { salesforce } from './salesforce/index.ts'

const definitions: readonly ConnectorDefinition[] = [hubspot, salesforce]

export const crms: readonly string[] = definitions.map((definition) => definition.crm)

/** Opens one configured connection. Wrong settings throw `refused`, naming each setting and never its value. */
export function connect(connection: { id: string; crm: string; settings: unknown }, deps: Deps): Connector {
  const { id, crm } = connection
  const definition = definitions.find((known) => known.crm === crm)
  if (!definition) throw new ConnectorError('refused', `connection ${id}: there is no connector for "${crm}"; there is ${crms.join(', ')}`)
  const settings = definition.settings.safeParse(connection.settings)
  if (settings.success) return definition.connect(id, settings.data, deps)
  const wrong = settings.error.issues.map((issue) => `settings${issue.path.map((key) => `.${String(key)}`).join('')}: ${issue.message}`)
  throw new ConnectorError('refused', `connection ${id}: ${wrong.join('; ')}`)
}
