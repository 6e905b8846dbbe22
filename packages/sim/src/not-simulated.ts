/**
 * Operations that the records have and the simulation has not, each with the reason. They answer 501, which no
 * OpenStack service of these six says by itself.
 *
 * The contract test fails if an operation is in neither place, or in both.
 */
export const notSimulated: { readonly [operation: string]: string } = {};
