import { policiesOver } from '../policy/define-policy.ts';
import type { Estate } from './estate.ts';

/**
 * Defines a policy over the estate: `check` gets the parts that `needs` names, with their types, and no others. It need
 * not care about gaps: the evaluator makes `unknown` of them. `fail`, `pass` and `subject` come from the
 * entry `/policy`.
 *
 * @example
 * const noTestImages = definePolicy({
 *   id: 'shop.no-test-images',
 *   title: 'No image is left from a test',
 *   severity: 'low',
 *   needs: ['images'],
 *   remedy: 'Delete it.',
 *   check: ({ images }) =>
 *     images.map((image) =>
 *       (image.name?.startsWith('test-') ? fail : pass)(subject('image', image), `it is called ${image.name}`),
 *     ),
 * });
 */
export const definePolicy = policiesOver<Estate>();
