/** Standard deviations by which a count of records must exceed what an even spread explains; few records vary much. */
export const beyondChance = 4

/** What a load is at the least that was measured by so many records, as if chance had sent all it can. */
export const withoutChance = (load: number, records: number): number =>
  records > 0 ? load * Math.max(0, 1 - beyondChance / Math.sqrt(records)) : 0
