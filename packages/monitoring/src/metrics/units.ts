/** Bytes of an amount of MiB, in which Nova counts memory. */
export const bytesOfMib = (amount: number | null | undefined): number | undefined => scaled(amount, 2 ** 20);

/** Bytes of an amount of GiB, in which Nova and Cinder count storage. */
export const bytesOfGib = (amount: number | null | undefined): number | undefined => scaled(amount, 2 ** 30);

const scaled = (amount: number | null | undefined, by: number): number | undefined =>
  amount === null || amount === undefined ? undefined : amount * by;
