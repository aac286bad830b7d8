/** A list of records of one type. Source: HubSpot docs, "Lists". */
export type ProcessingType = 'MANUAL' | 'DYNAMIC' | 'SNAPSHOT'

export type FilterBranch = Record<string, unknown> & { filterBranchType: string }

export type RecordList = {
  id: number
  version: number
  name: string
  objectTypeId: string
  processingType: ProcessingType
  filterBranch: FilterBranch | null
  /** Record id → when it joined; a dynamic list brings it up to date when it is looked at. */
  members: Map<number, number>
  /** Record id → when it joined for the first time. */
  firstJoined: Map<number, number>
  folderId: number
  createdAt: number
  updatedAt: number
  filtersUpdatedAt: number
  deletedAt: number | null
  /** When a dynamic list is to become a static one, as it was asked for. */
  conversion: { requested: Record<string, unknown>; convertedAt: number | null } | null
}

export type ListFolder = { id: number; parentId: number; name: string; createdAt: number; updatedAt: number }

/** The folder every other one is in. */
export const ROOT_FOLDER = 0
