/** Names before 4 December 2024, still sent (domain.md 4.3). */
const PRESENT_NAMES: ReadonlyMap<string, string> = new Map([
  ['REFUND_SUCCESS', 'REFUND_COMPLETED'],
  ['RETURN_DELIVERY_IN_TRANSIT', 'RETURN_PACKAGE_IN_TRANSIT'],
  ['RETURN_DELIVERY_COMPLETED', 'RETURN_PACKAGE_DELIVERED'],
  ['RETURN_DELIVERY_FAILED', 'RETURN_PACKAGE_DELIVERY_FAILED'],
  ['DELIVERY_CANCELLED', 'PACKAGE_DELIVERY_CANCELLED'],
  ['ITEM_CANCELLED', 'PACKAGE_DELIVERY_CANCELLED'],
  ['DELIVERY_IN_TRANSIT', 'PACKAGE_DELIVERY_IN_TRANSIT'],
  ['ITEM_IN_TRANSIT', 'PACKAGE_DELIVERY_IN_TRANSIT'],
  ['DELIVERY_COMPLETED', 'PACKAGE_DELIVERED'],
  ['ITEM_DELIVERED', 'PACKAGE_DELIVERED'],
]);

/** Nothing to do with refunds or returns (domain.md 4.3). Types that nobody has heard of are not here: they make the coordinator look. */
const IGNORED: ReadonlySet<string> = new Set([
  'PACKAGE_DELIVERY_IN_TRANSIT',
  'PACKAGE_DELIVERED',
  'PACKAGE_TRACKER_MILESTONE_CHANGED',
  'BUYABILITY_CHANGED',
  'INVENTORY_CHANGED',
  'PERSONAL_DATA_DELETION_TASK_COMPLETED',
  'PERSONAL_DATA_DELETION_TASK_FAILED',
  'PERSONAL_DATA_RETRIEVAL_TASK_COMPLETED',
  'PERSONAL_DATA_RETRIEVAL_TASK_FAILED',
]);

/** The type by its present name; unknown ones stay as they are. */
export const presentName = (type: string): string => PRESENT_NAMES.get(type) ?? type;

/** Whether an event of this type, by its present name, says nothing about refunds or returns. */
export const isIgnored = (type: string): boolean => IGNORED.has(type);
