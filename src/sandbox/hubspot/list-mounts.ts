import { cancelConversion, getConversion, scheduleConversion } from './list-conversion.ts'
import { createFolder, deleteFolder, getFolder, moveFolder, moveListToFolder, renameFolder } from './list-folder-routes.ts'
import {
  addAndRemoveMembers,
  addFromList,
  addMembers,
  batchMemberships,
  listMembers,
  listMembersByJoin,
  recordMemberships,
  removeAllMembers,
  removeMembers,
} from './list-membership-routes.ts'
import {
  changeFilters,
  createList,
  deleteList,
  getList,
  getListByName,
  getLists,
  mapLegacyId,
  mapLegacyIds,
  renameList,
  restoreList,
  searchLists,
} from './list-routes.ts'
import { route } from './route.ts'
import type { Mount, Routes } from './route.ts'

const READ = ['crm.lists.read']
const WRITE = ['crm.lists.write']

const LISTS: Routes = {
  '': { GET: route(getLists, READ), POST: route(createList, WRITE) },
  '/search': { POST: route(searchLists, READ) },
  '/idmapping': { GET: route(mapLegacyId, READ), POST: route(mapLegacyIds, READ) },
  '/object-type-id/{}/name/{}': { GET: route(getListByName, READ) },
  '/records/memberships/batch/read': { POST: route(batchMemberships, READ) },
  '/records/{}/{}/memberships': { GET: route(recordMemberships, READ) },
  '/folders': { GET: route(getFolder, READ), POST: route(createFolder, WRITE) },
  '/folders/move-list': { PUT: route(moveListToFolder, WRITE) },
  '/folders/{}': { DELETE: route(deleteFolder, WRITE) },
  '/folders/{}/rename': { PUT: route(renameFolder, WRITE) },
  '/folders/{}/move/{}': { PUT: route(moveFolder, WRITE) },
  '/{}': { GET: route(getList, READ), DELETE: route(deleteList, WRITE) },
  '/{}/schedule-conversion': {
    GET: route(getConversion, READ),
    PUT: route(scheduleConversion, WRITE),
    DELETE: route(cancelConversion, WRITE),
  },
  '/{}/restore': { PUT: route(restoreList, WRITE) },
  '/{}/update-list-name': { PUT: route(renameList, WRITE) },
  '/{}/update-list-filters': { PUT: route(changeFilters, WRITE) },
  '/{}/memberships': { GET: route(listMembers, READ), DELETE: route(removeAllMembers, WRITE) },
  '/{}/memberships/join-order': { GET: route(listMembersByJoin, READ) },
  '/{}/memberships/add': { PUT: route(addMembers, WRITE) },
  '/{}/memberships/remove': { PUT: route(removeMembers, WRITE) },
  '/{}/memberships/add-and-remove': { PUT: route(addAndRemoveMembers, WRITE) },
  '/{}/memberships/add-from/{}': { PUT: route(addFromList, WRITE) },
}

export const LIST_MOUNTS: readonly Mount[] = [
  { prefix: /^\/crm\/(?:v3\/lists|lists\/(?<version>v3|2026-03|2026-09))(?=\/|$)/, template: '/crm/v3/lists', routes: LISTS },
]
