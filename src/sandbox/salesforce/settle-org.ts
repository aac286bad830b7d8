/** What every org has from its first day: its own row, the integration user, profile, permission sets and their assignment. */
import { insertRow } from './table.ts'
import { makeId } from './ids.ts'
import { refreshGrants, tableOf } from './grants.ts'
import { addValueSets } from './value-sets.ts'
import { USERNAME } from './org.ts'
import type { Cell } from './column.ts'
import type { Org } from './org.ts'

const FOUNDED = Date.UTC(2019, 0, 7, 9)

export function settleOrg(org: Org): void {
  const dates: [string, Cell][] = [
    ['CreatedDate', FOUNDED],
    ['LastModifiedDate', FOUNDED],
    ['SystemModstamp', FOUNDED],
  ]
  const authors: [string, Cell][] = [
    ['CreatedById', org.userId],
    ['LastModifiedById', org.userId],
  ]
  insertRow(tableOf(org, 'Profile'), org.profileId, [['Name', 'Integration Profile'], ['UserType', 'Standard'], ...dates])
  insertRow(tableOf(org, 'User'), org.userId, [...userCells(org), ...dates, ...authors])
  insertRow(tableOf(org, 'Organization'), org.orgId, [...organizationCells, ...dates, ...authors])
  const sets = tableOf(org, 'PermissionSet')
  const ownSet = makeId('0PS', 1)
  insertRow(sets, ownSet, [
    ['Name', 'X00ex_integration'],
    ['Label', 'Integration Profile'],
    ['IsOwnedByProfile', true],
    ['ProfileId', org.profileId],
    ['PermissionsApiEnabled', true],
    ...dates,
    ...authors,
  ])
  insertRow(sets, org.permissionSetId, [
    ['Name', 'Integration'],
    ['Label', 'Integration'],
    ['IsCustom', true],
    ['PermissionsApiEnabled', true],
    ...dates,
    ...authors,
  ])
  for (const [number, set] of [ownSet, org.permissionSetId].entries()) {
    insertRow(tableOf(org, 'PermissionSetAssignment'), makeId('0Pa', number + 1), [
      ['PermissionSetId', set],
      ['AssigneeId', org.userId],
      ['IsActive', true],
      ['SystemModstamp', FOUNDED],
    ])
  }
  insertRow(tableOf(org, 'UserPermissionAccess'), '000000000000000AAA', [['PermissionsApiEnabled', true]])
  addValueSets(org, dates)
  refreshGrants(org)
}

const userCells = (org: Org): [string, Cell][] => [
  ['Username', USERNAME],
  ['Email', USERNAME],
  ['FirstName', 'Integration'],
  ['LastName', 'User'],
  ['Alias', 'integ'],
  ['CommunityNickname', 'integration'],
  ['IsActive', true],
  ['ProfileId', org.profileId],
  ['UserType', 'Standard'],
  ['TimeZoneSidKey', 'Europe/Paris'],
  ['LocaleSidKey', 'en_US'],
  ['LanguageLocaleKey', 'en_US'],
  ['EmailEncodingKey', 'UTF-8'],
]

const organizationCells: [string, Cell][] = [
  ['Name', 'Sandbox Company'],
  ['OrganizationType', 'Enterprise Edition'],
  ['InstanceName', 'SBX1'],
  ['IsSandbox', false],
  ['Country', 'FR'],
  ['DefaultLocaleSidKey', 'en_US'],
  ['LanguageLocaleKey', 'en_US'],
  ['TimeZoneSidKey', 'Europe/Paris'],
  ['PreferencesConsentManagementEnabled', true],
]
