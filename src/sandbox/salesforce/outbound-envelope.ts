/** The SOAP of outbound messages. Salesforce docs: SOAP API, Outbound Messaging, notifications. */
import { readerOf } from './table.ts'
import { timeText, dayText } from './text.ts'
import { escapeXml } from './xml.ts'
import { visibleField } from './org.ts'
import type { Cell } from './column.ts'
import type { Field } from './schema-object.ts'
import type { Notification, OutboundRule } from './outbound.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

/** Salesforce docs: most notifications in one message. */
export const MOST_NOTIFICATIONS = 100
const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n <soapenv:Body>\n  <notifications xmlns="http://soap.sforce.com/2005/09/outbound">\n'
const TAIL = '  </notifications>\n </soapenv:Body>\n</soapenv:Envelope>'

/** `instance` is the org's own address; values are those of now, whatever the notification was for. */
export function envelope(
  org: Org,
  rule: OutboundRule,
  notifications: readonly Notification[],
  instance: string,
  sessionId: string | null,
): string {
  const service = (kind: 'c' | 'u'): string => `${instance}/services/Soap/${kind}/${rule.apiVersion}/${org.orgId.slice(0, 15)}`
  const lines = [
    `   <OrganizationId>${org.orgId}</OrganizationId>`,
    `   <ActionId>${rule.actionId}</ActionId>`,
    sessionId === null ? '   <SessionId xsi:nil="true"/>' : `   <SessionId>${escapeXml(sessionId)}</SessionId>`,
    `   <EnterpriseUrl>${escapeXml(service('c'))}</EnterpriseUrl>`,
    `   <PartnerUrl>${escapeXml(service('u'))}</PartnerUrl>`,
    ...notifications.map((notification) => notificationXml(org, rule, notification)),
  ]
  return `${HEAD}${lines.join('\n')}\n${TAIL}`
}

function notificationXml(org: Org, rule: OutboundRule, { id, row }: Notification): string {
  const { table } = rule
  const fields = rule.fields.flatMap((name) => visibleField(org, table.object, name) ?? []).filter((field) => field.name !== 'Id')
  const shown = fields.flatMap((field) => fieldXml(table, field, row))
  const members = [`     <sf:Id>${table.ids[row] ?? ''}</sf:Id>`, ...shown].join('\n')
  return `   <Notification>\n    <Id>${id}</Id>\n    <sObject xsi:type="sf:${table.object.name}" xmlns:sf="urn:sobject.enterprise.soap.sforce.com">\n${members}\n    </sObject>\n   </Notification>`
}

/** Empty fields are left out. */
function fieldXml(table: Table, field: Field, row: number): string[] {
  const cell = readerOf(table, field)(row)
  return cell === null ? [] : [`     <sf:${field.name}>${escapeXml(textOf(field, cell))}</sf:${field.name}>`]
}

function textOf(field: Field, cell: Cell): string {
  if (typeof cell === 'number' && field.type === 'date') return dayText(cell)
  return typeof cell === 'number' && field.type === 'datetime' ? timeText(cell, 'Z') : String(cell)
}

/** What a receiver answered: true only for an acknowledgement that says so. */
export const isAcknowledged = (body: string): boolean => /<(?:\w+:)?Ack(?:\s[^>]*)?>\s*(?:true|1)\s*<\/(?:\w+:)?Ack>/.test(body)
