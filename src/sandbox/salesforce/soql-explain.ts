/** The plan of a query (`explain=`) and its columns (`columns=true`). Salesforce docs: REST API, Query Performance Feedback. */
import { bindFrom } from './soql-bind.ts'
import { candidateField } from './soql-match.ts'
import { LIVE } from './table.ts'
import { parseSoql } from './soql-parse.ts'
import { runQuery } from './soql-run.ts'
import type { Catalog } from './soql-bind.ts'
import type { Org } from './org.ts'

export function explainQuery(org: Org, catalog: Catalog, soql: string): object {
  const query = parseSoql(soql)
  const table = bindFrom(catalog, query)
  const result = runQuery(org, catalog, query, 'live')
  const cardinality = result.kind === 'rows' ? result.rows.length : result.kind === 'count' ? result.total : result.records.length
  const sobjectCardinality = table.stages.filter((stage) => stage === LIVE).length
  const field = candidateField(table, query.where)
  const scan = {
    cardinality,
    fields: [],
    leadingOperationType: 'TableScan',
    notes: [
      { description: 'Not considering filter for optimization because unindexed', fields: ['IsDeleted'], tableEnumOrId: table.object.name },
    ],
    relativeCost: 1,
    sobjectCardinality,
    sobjectType: table.object.name,
  }
  const index = {
    ...scan,
    fields: [field],
    leadingOperationType: 'Index',
    relativeCost: sobjectCardinality === 0 ? 0 : cardinality / sobjectCardinality,
  }
  return { plans: field === null ? [scan] : [index, scan], sourceQuery: soql }
}

/** unverified: the list of members of a column. */
export function columnMetadata(org: Org, catalog: Catalog, soql: string): object {
  const query = parseSoql(soql)
  const { object } = bindFrom(catalog, query)
  const result = runQuery(org, catalog, { ...query, limit: 1 }, 'live')
  const names = result.kind === 'aggregate' ? result.columns : []
  const columns =
    result.kind === 'rows'
      ? result.columns.map(({ field, label, steps }) => ({
          aggregate: false,
          apexType: field.type,
          booleanType: field.type === 'boolean',
          columnName: label,
          custom: field.custom,
          displayName: field.label,
          foreignKeyName: steps.at(-1)?.name ?? null,
          insertable: field.createable,
          joinColumns: [],
          numberType: ['int', 'double', 'currency', 'percent'].includes(field.type),
          textType: !['int', 'double', 'currency', 'percent', 'boolean'].includes(field.type),
          updatable: field.updateable,
        }))
      : names.map((name) => ({ aggregate: true, columnName: name, displayName: name, joinColumns: [] }))
  return {
    columnMetadata: columns,
    entityName: object.name,
    groupBy: query.groupBy.length > 0,
    idSelected: result.kind === 'rows' && result.columns.some(({ label }) => label === 'Id'),
    keyPrefix: object.keyPrefix,
  }
}
