/** Layout describes and list views: valid and empty, since nothing here has a page layout. Salesforce docs: sObject Layouts, Compact Layouts, Approval Layouts, List Views. */
import { json } from './call.ts'
import { notFound, wrongMethod } from './fault.ts'
import type { Call, Reply } from './call.ts'
import type { Table } from './table.ts'

/** `rest` are the segments after `describe`. */
export function layoutReply(call: Call, table: Table, rest: readonly string[]): Reply {
  if (call.method !== 'GET') throw wrongMethod(call, 'HEAD,GET')
  if (rest.length > 2) throw notFound()
  switch (rest[0]?.toLowerCase()) {
    case 'layouts':
      return json(200, { layouts: [], recordTypeMappings: [], recordTypeSelectorRequired: [false] })
    case 'compactlayouts':
      return json(200, {
        compactLayouts: [],
        defaultCompactLayoutId: null,
        recordTypeCompactLayoutMappings: [],
        urls: compactUrls(call, table),
      })
    case 'approvallayouts':
      return json(200, { approvalLayouts: [] })
    default:
      throw notFound()
  }
}

const compactUrls = ({ base }: Call, { object }: Table): object => ({
  primary: `${base}/sobjects/${object.name}/describe/compactLayouts/primary`,
})

export const listViews = (name: string): object => ({ done: true, listviews: [], nextRecordsUrl: null, size: 0, sobjectType: name })
