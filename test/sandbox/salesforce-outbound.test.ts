import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPushWorld } from './salesforce-push-world.ts'
import type { AddressInfo } from 'node:net'
import type { PushWorld } from './salesforce-push-world.ts'

const ACK = (value: boolean): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>${value}</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>`
const HOUR = 3_600_000

let world: PushWorld
let url = ''
let answer: { status: number; body: string } = { status: 200, body: ACK(true) }
const received: { body: string; type: string | undefined; action: string | string[] | undefined }[] = []
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
  request.on('end', () => {
    received.push({ body, type: request.headers['content-type'], action: request.headers.soapaction })
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body)
  })
})

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  world = await openPushWorld()
  await world.control('POST', '/clock', { set: '2030-05-01T10:00:00Z' })
  await world.control('POST', '/clock', { freeze: true })
})
afterAll(async () => {
  await world.close()
  await new Promise<void>((resolve) => {
    receiver.close(() => resolve())
    receiver.closeAllConnections()
  })
})
beforeEach(async () => {
  await world.control('POST', '/snapshot')
  await world.lever('outbound-sending', { automatic: false, duplicates: 0, disorder: false, silentUsers: [] })
  await world.lever('drop-outbound-message', { name: 'contacts' })
  received.length = 0
  answer = { status: 200, body: ACK(true) }
})

const configure = (more: object = {}) =>
  world.lever('outbound-message', { name: 'contacts', object: 'Contact', url, fields: ['Email', 'HasOptedOutOfEmail'], ...more })
const notificationIds = (body: string): string[] => [...body.matchAll(/<Notification>\s*<Id>(\w+)<\/Id>/g)].map((match) => match[1]!)

describe('outbound messages', () => {
  it('are SOAP as Salesforce sends it: organization, action, no session, the values of now', async () => {
    const { actionId } = await configure()
    const id = await world.create('Contact', { LastName: 'Roux', Email: 'first&last@example.test' })
    await world.rest('PATCH', `/sobjects/Contact/${id}`, { HasOptedOutOfEmail: true })
    expect(await world.lever('deliver')).toEqual({ messages: 1, acknowledged: 2, refused: 0, dropped: 0, duplicated: 0, waiting: 0 })
    expect(received).toHaveLength(1)
    const { body, type, action } = received[0]!
    expect({ type, action }).toEqual({ type: 'text/xml; charset=utf-8', action: '""' })
    const [first, second] = notificationIds(body)
    const one = (notification: string | undefined) =>
      `<Notification><Id>${notification}</Id><sObject xsi:type="sf:Contact" xmlns:sf="urn:sobject.enterprise.soap.sforce.com"><sf:Id>${id}</sf:Id><sf:Email>first&amp;last@example.test</sf:Email><sf:HasOptedOutOfEmail>true</sf:HasOptedOutOfEmail></sObject></Notification>`
    expect(body.replaceAll(/>\s+</g, '><')).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><notifications xmlns="http://soap.sforce.com/2005/09/outbound"><OrganizationId>00D440000000001EAA</OrganizationId><ActionId>${actionId}</ActionId><SessionId xsi:nil="true"/><EnterpriseUrl>https://sandbox.my.salesforce.com/services/Soap/c/60.0/00D440000000001</EnterpriseUrl><PartnerUrl>https://sandbox.my.salesforce.com/services/Soap/u/60.0/00D440000000001</PartnerUrl>${one(first)}${one(second)}</notifications></soapenv:Body></soapenv:Envelope>`,
    )
    expect(actionId).toMatch(/^04k/)
    expect(first).toMatch(/^04l/)
  })

  it('hold a hundred notifications at most, and none of a delete', async () => {
    await configure({ when: 'create' })
    const records = Array.from({ length: 150 }, (_, at) => ({ attributes: { type: 'Contact' }, LastName: `Last${at}` }))
    const made = (await world.rest('POST', '/composite/sobjects', { records })).json as { id: string }[]
    await world.rest('DELETE', `/sobjects/Contact/${made[0]!.id}`)
    expect(await world.lever('deliver')).toMatchObject({ messages: 2, acknowledged: 149 })
    expect(received.map(({ body }) => notificationIds(body).length)).toEqual([100, 49])
  })

  it('come again until they are acknowledged, later and later, and are dropped after a day', async () => {
    await configure()
    answer = { status: 200, body: ACK(false) }
    await world.create('Contact', { LastName: 'Patient' })
    expect(await world.lever('deliver')).toMatchObject({ acknowledged: 0, refused: 1, waiting: 1 })
    const waits: number[] = []
    for (let attempt = 0; attempt < 14; attempt += 1) {
      const { waiting } = await world.lever('outbound-state')
      const { now } = await world.control('GET', '/clock')
      waits.push(Date.parse(waiting[0].dueAt) - Date.parse(now))
      await world.control('POST', '/clock', { advanceMs: waits.at(-1) })
      await world.lever('deliver')
    }
    expect(waits.slice(0, 4)).toEqual([15_000, 30_000, 60_000, 120_000])
    expect(Math.max(...waits)).toBe(2 * HOUR)
    answer = { status: 500, body: ACK(true) }
    await world.control('POST', '/clock', { advanceMs: 2 * HOUR })
    expect(await world.lever('deliver')).toMatchObject({ acknowledged: 0, refused: 1 })
    await world.control('POST', '/clock', { advanceMs: 24 * HOUR })
    expect(await world.lever('deliver')).toMatchObject({ messages: 0, dropped: 1, waiting: 0 })
    expect(new Set(received.flatMap(({ body }) => notificationIds(body))).size).toBe(1)
  })

  it('are made for what the rule asks for: fields that changed, values it wants, users who are not silent', async () => {
    await configure({ when: 'change', changed: ['HasOptedOutOfEmail'], where: { HasOptedOutOfEmail: true } })
    const id = await world.create('Contact', { LastName: 'Roux', HasOptedOutOfEmail: false })
    const waiting = async () => (await world.lever('outbound-state')).waiting.length
    await world.rest('PATCH', `/sobjects/Contact/${id}`, { Title: 'CTO' })
    expect(await waiting()).toBe(0)
    await world.rest('PATCH', `/sobjects/Contact/${id}`, { HasOptedOutOfEmail: true })
    expect(await waiting()).toBe(1)
    await world.rest('PATCH', `/sobjects/Contact/${id}`, { HasOptedOutOfEmail: false })
    expect(await waiting()).toBe(1)
    const user = (await world.rest('GET', `/query?q=${encodeURIComponent('SELECT Id FROM User')}`)).json.records[0].Id
    await world.lever('outbound-sending', { silentUsers: [user] })
    await world.rest('PATCH', `/sobjects/Contact/${id}`, { HasOptedOutOfEmail: true })
    expect(await waiting()).toBe(1)
  })

  it('may come twice, and carry a session when the rule says so', async () => {
    await configure({ includeSession: true })
    await world.lever('outbound-sending', { duplicates: 1 })
    await world.create('Contact', { LastName: 'Echo' })
    expect(await world.lever('deliver')).toMatchObject({ acknowledged: 1, duplicated: 1, waiting: 1 })
    await world.lever('outbound-sending', { duplicates: 0 })
    expect(await world.lever('deliver')).toMatchObject({ acknowledged: 1, waiting: 0 })
    expect(new Set(received.flatMap(({ body }) => notificationIds(body))).size).toBe(1)
    expect(received[0]!.body).toMatch(/<SessionId>00D440000000001!/)
  })

  it('go by themselves, by the clock, unless that is switched off', async () => {
    await configure()
    await world.lever('outbound-sending', { automatic: true })
    await world.create('Contact', { LastName: 'Swift' })
    await expect.poll(() => received.length).toBe(1)
    expect(await world.lever('deliver')).toMatchObject({ messages: 0, waiting: 0 })
  })
})
