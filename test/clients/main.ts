/** Real clients against the sandbox: `npm run test:clients [-- round …]`. One line a step; exit code 1 when a step fails. */
import { startSandbox } from '../../src/sandbox/server.ts'
import { createReport } from './round.ts'
import { hubspotBeforeRound, hubspotRound } from './hubspot.ts'
import { hubspotEightRound } from './hubspot-8.ts'
import { hubspotMcpRound } from './hubspot-mcp.ts'
import { jsforceOneRound } from './jsforce-1.ts'
import { jsforceRound } from './jsforce.ts'
import { nforceRound } from './nforce.ts'
import { bulk2Round } from './salesforce-bulk2.ts'
import { salesforceCliRound } from './salesforce-cli.ts'
import type { Round, Tally } from './round.ts'

const ROUNDS: readonly Round[] = [
  hubspotRound,
  hubspotBeforeRound,
  hubspotEightRound,
  hubspotMcpRound,
  jsforceRound,
  jsforceOneRound,
  nforceRound,
  bulk2Round,
  salesforceCliRound,
]

// jsforce and undici would send calls to 127.0.0.1 through a proxy.
for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']) delete process.env[name]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !ROUNDS.some((round) => round.name === name))
if (unknown.length > 0) {
  console.error(`unknown round ${unknown.join(', ')}; known: ${ROUNDS.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
const print = (line: string): void => console.log(line)
for (const round of ROUNDS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const sandbox = await startSandbox({ controlPort: 0, hubspotPort: 0, salesforcePort: 0, people: 300 })
  try {
    const report = createReport(round.name, tally, print)
    await report.step('the whole round runs', () => round.run(sandbox, report))
  } finally {
    await sandbox.close()
  }
}
print(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`)
process.exitCode = tally.failed > 0 ? 1 : 0
