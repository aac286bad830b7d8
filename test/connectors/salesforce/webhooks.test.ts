import { describe, expect, it } from 'vitest'
import type { Delivery, Opened } from '../../../src/connectors/connector.ts'
import { salesforce } from '../../../src/connectors/salesforce/index.ts'
import { testDeps } from '../deps.ts'
import { message as messageOf, notification } from './outbound-messages.ts'

const now = 1_790_000_000_000
const secret = 'tU3k-Pq9_z0aBcDeFgHiJkLm'
const organizationId = '00D000000000001EAA'
const auth = { clientId: 'id', clientSecret: 'secret' }
const path = `/webhooks/salesforce/${secret}`
const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' }

const message = (notifications: string, organization = organizationId) => messageOf(notifications, organization)

function open(body: string | Uint8Array, change: Partial<Delivery> = {}, webhooks: Record<string, unknown> = {}): Opened {
  const settings = salesforce.settings.parse({ auth, webhooks: { secrets: [secret], organizationId, ...webhooks } })
  const delivery = { method: 'POST', path, headers, body: typeof body === 'string' ? Buffer.from(body) : body, ...change }
  return salesforce.connect('salesforce', settings, testDeps(now)).webhooks!.open(delivery)
}
const good = message(notification(1))

describe('An outbound message', () => {
  it('tells which records to read again, under ids of 18 characters, and nothing that they hold', () => {
    const opened = open(
      message(
        notification(1, 'Contact', '003000000000001', '<sf:Email>jeanne@example.test</sf:Email><sf:Title>R&amp;D &#233;</sf:Title>') +
          notification(2, 'Lead', '00Q00000000000aEAA'),
      ),
    )
    expect(opened).toEqual({
      outcome: 'genuine',
      events: [
        { key: `${organizationId}:04l000000000001AAA`, kind: 'changed', ref: { object: 'Contact', id: '003000000000001AAA' }, at: now },
        { key: `${organizationId}:04l000000000002AAA`, kind: 'changed', ref: { object: 'Lead', id: '00Q00000000000aEAA' }, at: now },
      ],
      reply: {
        contentType: 'text/xml; charset=utf-8',
        body: '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse></soapenv:Body></soapenv:Envelope>',
      },
    })
  })

  it('is believed under either of two secrets, and from either form of the organisation id', () => {
    const older = 'an-older-secret-0123456789'
    expect(open(good, {}, { secrets: [older, secret], organizationId: organizationId.slice(0, 15) }).outcome).toBe('genuine')
    expect(open(good, { path: `/webhooks/salesforce/${older}` }, { secrets: [older, secret] }).outcome).toBe('genuine')
    expect(open(message(notification(1), organizationId.slice(0, 15))).outcome).toBe('genuine')
  })

  it('is put off while we lack what it takes to check it', () => {
    expect(open(good, {}, { secrets: [''] })).toMatchObject({ outcome: 'unready', reason: expect.stringContaining('secrets') })
    expect(open(good, {}, { organizationId: '' })).toMatchObject({ outcome: 'unready', reason: expect.stringContaining('organizationId') })
  })

  it.each([
    '/webhooks/salesforce',
    '/webhooks/salesforce/',
    `${path}x`,
    `${path}/`,
    `/webhooks/salesforce?${secret}`,
    '',
    `${path.slice(0, -1)}M`,
  ])('is refused at %s before anything of it is parsed', (elsewhere) => {
    expect(open('<!DOCTYPE x>', { path: elsewhere })).toMatchObject({ outcome: 'refused', status: 401 })
  })

  it('is refused from another organisation', () => {
    expect(open(message(notification(1), '00D000000000002EAA'))).toMatchObject({ outcome: 'refused', status: 403 })
  })

  it.each([undefined, 'application/json', 'text/xml; charset=utf-16', ['text/xml', 'text/xml']])('is refused as %s', (contentType) => {
    expect(open(good, { headers: { 'content-type': contentType } })).toMatchObject({ outcome: 'refused', status: 415 })
  })

  const many = (count: number) => message(Array.from({ length: count }, (_, n) => notification(n)).join(''))
  it('holds up to a hundred notifications', () => {
    const opened = open(many(100))
    expect(opened.outcome === 'genuine' && opened.events.length).toBe(100)
    expect(open(many(101))).toMatchObject({ outcome: 'refused', status: 400 })
    expect(open(many(0))).toMatchObject({ outcome: 'refused', status: 400 })
  })

  it('is refused beyond its size', () => {
    expect(
      open(message(notification(1, 'Contact', '003000000000001', `<sf:Description>${'x'.repeat(270_000)}</sf:Description>`))),
    ).toMatchObject({
      outcome: 'refused',
      status: 413,
    })
  })

  it.each<[string, string | Uint8Array]>([
    ['nothing', ''],
    ['half a character', Buffer.concat([Buffer.from(good.slice(0, -20)), Buffer.from([0xc3])])],
    ['a document type', good.replace('?>', '?><!DOCTYPE x [<!ENTITY a "b">]>')],
    ['a document type in other letters', good.replace('?>', '?><!doctype x>')],
    ['an entity of its own', good.replace('04l000000000001', '&a;')],
    ['a reference to no character', good.replace('04l', '&#0;')],
    ['a comment', good.replace('<Notification>', '<!-- --><Notification>')],
    ['CDATA', good.replace('003000000000001', '<![CDATA[003000000000001]]>')],
    ['a stylesheet', good.replace('?>', '?><?xml-stylesheet href="http://example.test"?>')],
    ['another encoding', good.replace('UTF-8', 'UTF-16')],
    ['a second root', `${good}<a/>`],
    ['text around it', `${good}x`],
    ['no end', good.slice(0, -5)],
    ['ends that cross', good.replace('</Notification></notifications>', '</notifications></Notification>')],
    ['another envelope', good.replace('schemas.xmlsoap.org', 'schemas.example.test')],
    ['another message', good.replaceAll('2005/09/outbound', '2006/04/metadata')],
    ['two organisations', good.replace('<ActionId>', `<OrganizationId>${organizationId}</OrganizationId><ActionId>`)],
    ['an organisation in pieces', good.replace(organizationId, `<a/>${organizationId}`)],
    ['an id that is none', good.replace('003000000000001', '00300000000001')],
    ['an id with a wrong checksum', good.replace('003000000000001', '003000000000001AAB')],
    ['the id of another object', good.replace('003000000000001', '00Q000000000001')],
    ['an id with a path in it', good.replace('003000000000001', '../../../services')],
    ['two record ids', good.replace('</sObject>', '<sf:Id>003000000000002</sf:Id></sObject>')],
    ['markup in a field', good.replace('</sObject>', '<sf:Email><b/></sf:Email></sObject>')],
    ['no type', good.replace('xsi:type="sf:Contact" ', '')],
    ['a type of another namespace', good.replace('xsi:type="sf:Contact"', 'xsi:type="xsd:Contact"')],
    ['a prefix that nobody declared', good.replace('<sf:Id>', '<zz:Id>').replace('</sf:Id>', '</zz:Id>')],
    ['an attribute twice', good.replace('xsi:type=', 'xsi:type="sf:Lead" xsi:type=')],
    [
      'an attribute under two prefixes',
      good.replace('xsi:type=', 'xmlns:b="http://www.w3.org/2001/XMLSchema-instance" b:type="sf:Lead" xsi:type='),
    ],
    ['more depth than a message has', message(`<x>${'<a>'.repeat(50)}${'</a>'.repeat(50)}</x>${notification(1)}`)],
    ['a control character', good.replace('<sf:Id>', '<sf:Id>\u{1}')],
  ])('is refused with %s', (_name, body) => {
    expect(open(body)).toMatchObject({ outcome: 'refused', status: 400 })
  })

  it('may be spelled with other prefixes, quotes and blanks', () => {
    const other = `
      <S:Envelope xmlns:S = 'http://schemas.xmlsoap.org/soap/envelope/'><S:Header/><S:Body
       ><o:notifications xmlns:o="http://soap.sforce.com/2005/09/outbound">
         <o:OrganizationId> ${organizationId}
         </o:OrganizationId><o:New>1 &lt; 2</o:New>
         <o:Notification><o:Id>04l000000000001</o:Id>
           <o:sObject xmlns:i='http://www.w3.org/2001/XMLSchema-instance' xmlns="urn:sobject.partner.soap.sforce.com" i:type='Contact'><Id>003000000000001</Id></o:sObject>
         </o:Notification ></o:notifications></S:Body></S:Envelope>
    `
    expect(open(other)).toMatchObject({ outcome: 'genuine', events: [{ ref: { object: 'Contact', id: '003000000000001AAA' } }] })
  })
})

it('Secrets that could be guessed are refused as a setting', () => {
  expect(salesforce.settings.safeParse({ auth, webhooks: { secrets: ['short'] } }).success).toBe(false)
  expect(salesforce.settings.safeParse({ auth, webhooks: { organizationId: '003000000000001' } }).success).toBe(false)
})
