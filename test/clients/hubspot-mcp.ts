/** HubSpot's own MCP server, installed for the run: an agent's tools over standard input and output, the API behind them. */
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { control } from './round.ts'
import { installTemporarily } from './temp-install.ts'
import type { Addresses, Report, Round } from './round.ts'

const SPEC = '@hubspot/mcp-server@0.4.0'
const TOKEN = 'pat-eu1-sandbox-0000-0000-000000000001'
const PATIENCE = 30_000

type Answer = { id: number; result: { tools?: { name: string }[]; content?: { text: string }[]; isError?: boolean } }
/** Calls a tool and returns the texts it answered; throws where it says that it failed. */
type Tool = (name: string, args: object) => Promise<string>

export const hubspotMcpRound: Round = {
  name: 'hubspot-mcp',
  async run(at, report) {
    const installed = await installTemporarily(SPEC)
    if (installed === undefined) return report.skip(`${SPEC} cannot be installed here`)
    const script = join(installed.folder, 'node_modules/@hubspot/mcp-server/dist/index.js')
    const env = { PATH: process.env['PATH'] ?? '', PRIVATE_APP_ACCESS_TOKEN: TOKEN, BASE_URL_OVERRIDE: at.hubspot }
    const child = spawn(process.execPath, [script], { env, stdio: ['pipe', 'pipe', 'ignore'] })
    try {
      const ask = talkTo(child)
      await ask('initialize', { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'round', version: '1' } })
      await toolSteps(at, report, ask)
    } finally {
      child.kill()
      await installed.remove()
    }
  },
}

type Ask = (method: string, params: object) => Promise<Answer['result']>

/** JSON-RPC, a message a line. */
function talkTo(child: ChildProcess): Ask {
  const waiting = new Map<number, (result: Answer['result']) => void>()
  let last = 0
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const { id, result } = JSON.parse(line) as Answer
    waiting.get(id)?.(result)
  })
  return (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++last
      const late = setTimeout(() => reject(new Error(`no answer to ${method}`)), PATIENCE)
      waiting.set(id, (result) => {
        clearTimeout(late)
        resolve(result)
      })
      child.stdin!.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    })
}

async function toolSteps(at: Addresses, report: Report, ask: Ask): Promise<void> {
  const tool: Tool = async (name, args) => {
    const { content = [], isError } = await ask('tools/call', { name, arguments: args })
    const text = content.map((part) => part.text).join('\n')
    if (isError === true) throw new Error(`${name}: ${text}`)
    return text
  }
  await report.step('lists its tools, and tells who is calling', async () => {
    const { tools = [] } = await ask('tools/list', {})
    ok(tools.length > 10)
    match(await tool('hubspot-get-user-details', {}), /4400001/)
  })
  await report.step('lists, searches, creates, changes and reads records', async () => {
    match(await tool('hubspot-list-objects', { objectType: 'contacts', limit: 2, properties: ['email'] }), /"after"/)
    const inputs = [{ properties: { email: 'mcp@example.test', firstname: 'Ada' }, associations: [] }]
    const id = idIn(await tool('hubspot-batch-create-objects', { objectType: 'contacts', inputs }))
    await tool('hubspot-batch-update-objects', { objectType: 'contacts', inputs: [{ id, properties: { city: 'Lyon' } }] })
    const read = await tool('hubspot-batch-read-objects', { objectType: 'contacts', inputs: [{ id }], properties: ['city'] })
    match(read, /"city": ?"Lyon"/)
    const filters = [{ propertyName: 'email', operator: 'EQ', value: 'mcp@example.test' }]
    // The search index lags.
    await control(at, '/clock', { advanceMs: 60_000 })
    ok((await tool('hubspot-search-objects', { objectType: 'contacts', filterGroups: [{ filters }] })).includes(id))
  })
  await report.step('associates a person with a company, and lists that', async () => {
    const [from, to] = [
      idIn(await tool('hubspot-list-objects', { objectType: 'contacts', limit: 1 })),
      idIn(await tool('hubspot-list-objects', { objectType: 'companies', limit: 1 })),
    ]
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }]
    const pair = { fromObjectType: 'contacts', toObjectType: 'companies' }
    await tool('hubspot-batch-create-associations', { ...pair, types, inputs: [{ from: { id: from }, to: { id: to } }] })
    match(await tool('hubspot-list-associations', { objectType: 'contacts', objectId: from, toObjectType: 'companies' }), new RegExp(to))
  })
  await report.step('reads and defines properties, and asks for labels and schemas', async () => {
    match(await tool('hubspot-list-properties', { objectType: 'contacts' }), /hs_legal_basis/)
    const property = { name: 'mcp_note', label: 'Note', groupName: 'contactinformation', type: 'string', fieldType: 'text' }
    await tool('hubspot-create-property', { objectType: 'contacts', ...property })
    match(await tool('hubspot-get-property', { objectType: 'contacts', propertyName: 'mcp_note' }), /mcp_note/)
    match(await tool('hubspot-get-association-definitions', { fromObjectType: 'contacts', toObjectType: 'companies' }), /279/)
    await tool('hubspot-get-schemas', {})
  })
}

function idIn(text: string): string {
  const [, id = ''] = /"id": ?"(\d+)"/.exec(text) ?? []
  equal(id.length > 0, true, text)
  deepEqual(/^\d+$/.test(id), true)
  return id
}
