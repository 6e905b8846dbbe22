/**
 * Milliseconds that storage may take to copy so many GiB, before nobody waits any longer: a minute for each, which is slower than a
 * single disk, and ten minutes for whatever comes before.
 */
export const patienceFor = (size: number): number => 600_000 + size * 60_000;
