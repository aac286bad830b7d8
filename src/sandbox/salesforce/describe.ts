/** Describe answers: global and per object, with the keys a real org sends. Salesforce docs: sObject Describe. */
import { accessOf, visibleFields } from './org.ts'
import { LIVE } from './table.ts'
import { activityObjects, activityRelationships, isActivityList } from './activity-list.ts'
import { readersOf } from './grants.ts'
import type { Cell } from './column.ts'
import type { Field, FieldType, PicklistValue, SObject } from './schema-object.ts'
import type { Org } from './org.ts'
import type { Table } from './table.ts'

const SOAP_TYPES: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  int: 'xsd:int',
  address: 'urn:address',
  time: 'xsd:time',
  base64: 'xsd:base64Binary',
}
const TEXT_TYPES = new Set<FieldType>(['string', 'textarea', 'email', 'phone', 'url', 'picklist', 'multipicklist', 'combobox'])

export function describeGlobal(objects: readonly SObject[], base: string): object {
  return { encoding: 'UTF-8', maxBatchSize: 200, sobjects: objects.map((object) => describeBrief(object, base)) }
}

/** What the data API lists: also the two that no query names. */
export const listedObjects = (org: Org): SObject[] => [...objectsOf(org.tables), ...activityObjects(org)]

export const listedObject = (org: Org, name: string): SObject | undefined =>
  org.tables.get(name.toLowerCase())?.object ?? activityObjects(org).find((object) => object.name.toLowerCase() === name.toLowerCase())

export const objectsOf = (tables: ReadonlyMap<string, Table>): SObject[] => [...tables.values()].map(({ object }) => object)

const WITH_FEED = new Set(['Account', 'Contact', 'Lead', 'Opportunity', 'Case'])
const UNSEARCHED = new Set(['CampaignMember', 'ContentDocumentLink', 'EmailMessageRelation', 'OpportunityContactRole'])
const isSearchable = ({ name, byName }: SObject): boolean => name === 'User' || (byName.has('isdeleted') && !UNSEARCHED.has(name))

export function describeBrief(object: SObject, base: string): Record<string, unknown> {
  const url = `${base}/sobjects/${object.name}`
  const isList = isActivityList(object.name)
  const isReplicated = object.byName.has('isdeleted') && !isList
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: object.createable,
    custom: object.name.endsWith('__c'),
    customSetting: false,
    deepCloneable: false,
    deletable: object.deletable,
    deprecatedAndHidden: false,
    feedEnabled: WITH_FEED.has(object.name),
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: isList ? null : object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: object.mergeable,
    mergeable: object.mergeable,
    mruEnabled: object.mergeable,
    name: object.name,
    queryable: !isList,
    replicateable: isReplicated,
    retrieveable: !isList,
    searchable: isSearchable(object) && !isList,
    triggerable: isReplicated,
    undeletable: object.undeletable,
    updateable: object.updateable,
    urls: { rowTemplate: `${url}/{ID}`, describe: `${url}/describe`, sobject: url },
  }
}

export function describeObject(org: Org, object: SObject, base: string): object {
  const brief = describeBrief(object, base)
  return {
    actionOverrides: [],
    ...brief,
    childRelationships: childRelationships(org, object),
    compactLayoutable: object.mergeable,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: visibleFields(org, object).map((field) => describeField(org, object, field)),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: recordTypeInfos(org, object, base),
    searchLayoutable: object.mergeable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' }],
  }
}

function childRelationships(org: Org, object: SObject): object[] {
  const shared = { deprecatedAndHidden: false, junctionIdListNames: [], junctionReferenceTo: [] }
  const children = objectsOf(org.tables).flatMap((child) =>
    child.fields
      .filter((field) => field.source === null && field.referenceTo.includes(object.name) && accessOf(org, child, field).read)
      .map((field) => ({
        ...shared,
        cascadeDelete: field.onDelete.startsWith('cascade'),
        childSObject: child.name,
        field: field.name,
        relationshipName: field.childRelationshipName,
        restrictedDelete: field.onDelete.endsWith('restrict'),
      })),
  )
  const lists = activityRelationships(org, object.name).map((each) => ({
    ...shared,
    ...each,
    cascadeDelete: true,
    restrictedDelete: false,
  }))
  return [...children, ...lists]
}

/** The record types of the object, and the one every object has. Salesforce docs: RecordTypeInfo. */
function recordTypeInfos(org: Org, object: SObject, base: string): object[] {
  const types = org.tables.get('recordtype')
  if (types === undefined || !object.byName.has('recordtypeid')) return []
  const read = readersOf(types, ['Id', 'Name', 'DeveloperName', 'SobjectType', 'IsActive'])
  const own = types.stages.flatMap((stage, row) => (stage === LIVE && read.SobjectType(row) === object.name ? [row] : []))
  const info = (recordTypeId: Cell, name: Cell, developerName: Cell, active: boolean, master: boolean): object => ({
    active,
    available: active,
    defaultRecordTypeMapping: master && own.length === 0,
    developerName,
    master,
    name,
    recordTypeId,
    urls: { layout: `${base}/sobjects/${object.name}/describe/layouts/${String(recordTypeId)}` },
  })
  const made = own.map((row) => info(read.Id(row), read.Name(row), read.DeveloperName(row), read.IsActive(row) === true, false))
  return [...made, info('012000000000000AAA', 'Master', 'Master', true, true)]
}

/** Members that are the same for every field this sandbox knows. */
const SAME_FOR_ALL = {
  aiPredictionField: false,
  autoNumber: false,
  calculatedFormula: null,
  controllerName: null,
  defaultValueFormula: null,
  dependentPicklist: false,
  deprecatedAndHidden: false,
  displayLocationInDecimal: false,
  encrypted: false,
  filteredLookupInfo: null,
  formulaTreatNullNumberAsZero: false,
  highScaleNumber: false,
  mask: null,
  maskType: null,
  queryByDistance: false,
  referenceTargetField: null,
  relationshipOrder: null,
  searchPrefilterable: false,
  writeRequiresMasterRead: false,
}

const picklistEntry = ({ value, label, isDefault }: PicklistValue): object => ({
  active: true,
  defaultValue: isDefault,
  label,
  validFor: null,
  value,
})

function describeField(org: Org, object: SObject, field: Field): object {
  const { edit } = accessOf(org, object, field)
  const isText = TEXT_TYPES.has(field.type)
  return {
    ...SAME_FOR_ALL,
    aggregatable: field.filterable && field.type !== 'boolean' && field.type !== 'address',
    byteLength: isText ? field.length * 3 : field.length,
    // What is shown from elsewhere (a person account's fields, a member's name) is no formula.
    calculated: false,
    cascadeDelete: field.onDelete.startsWith('cascade'),
    caseSensitive: field.caseSensitive,
    compoundFieldName: field.compound,
    createable: field.createable && edit,
    custom: field.custom,
    defaultValue: field.type === 'boolean' ? field.defaultValue === true : null,
    defaultedOnCreate: field.defaultedOnCreate,
    digits: field.digits,
    externalId: field.externalId,
    extraTypeInfo: field.type === 'textarea' ? (field.html ? 'richtextarea' : 'plaintextarea') : null,
    filterable: field.filterable,
    groupable: field.filterable && field.type !== 'datetime' && field.type !== 'multipicklist' && field.type !== 'address',
    htmlFormatted: field.html,
    idLookup: field.idLookup,
    inlineHelpText: field.help,
    label: field.label,
    length: field.length,
    name: field.name,
    nameField: field.nameField,
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: field.nillable && field.compound === null,
    picklistValues: field.picklist.map(picklistEntry),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    restrictedDelete: field.onDelete.endsWith('restrict'),
    restrictedPicklist: field.restricted,
    scale: field.scale,
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable: field.sortable,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable && edit,
  }
}
