/** The only file that names every CRM. */
import { z } from 'zod'
import { problemsOf, type ConfigProblem } from '../core/policy/problem.ts'
import { ConnectorError, type Connector, type ConnectorDefinition, type Deps } from './connector.ts'
import { hubspot } from './hubspot/index.ts'
import { salesforce } from './salesforce/index.ts'

const definitions: readonly ConnectorDefinition[] = [hubspot, salesforce]

export const crms: readonly string[] = definitions.map((definition) => definition.crm)

/** What is wrong with the settings of a connection, by the path inside them; never a value. */
export function settingsProblems(crm: string, settings: unknown): readonly ConfigProblem[] {
  const definition = definitions.find((known) => known.crm === crm)
  if (!definition) return []
  const read = definition.settings.safeParse(settings, { reportInput: true })
  return read.success ? [] : problemsOf(read.error, keysOf(definition.settings))
}

/** The keys of an object, and of the objects inside it, whichever of several forms they take. */
function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodObject) return Object.entries(schema.shape).flatMap(([key, inner]) => [key, ...keysOf(inner)])
  if (schema instanceof z.ZodOptional) return keysOf(schema.unwrap())
  return schema instanceof z.ZodUnion ? schema.options.flatMap(keysOf) : []
}

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
