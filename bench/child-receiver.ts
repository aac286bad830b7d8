/** The peer of the webhook benchmark: plain node that checks the v3 signature and parses, and stores nothing. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { webhookSecret } from '../test/webhooks.ts'

let parsed = 0
const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const timestamp = String(request.headers['x-hubspot-request-timestamp'])
    const expected = createHmac('sha256', webhookSecret).update(`POST${url}${request.url}`).update(body).update(timestamp).digest()
    const given = Buffer.from(String(request.headers['x-hubspot-signature-v3']), 'base64')
    const genuine = given.length === expected.length && timingSafeEqual(given, expected)
    if (genuine) parsed += (JSON.parse(body.toString()) as unknown[]).length
    response.writeHead(genuine ? 200 : 401, { 'content-length': 0 }).end()
  })
})
let url = ''
server.listen(0, '127.0.0.1', () => {
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.stdout.write(`${JSON.stringify({ url })}\n`)
})
process.once('SIGTERM', () => process.exit(parsed > 0 ? 0 : 1))
