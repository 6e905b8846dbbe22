import type { XmlPackage } from '../../probing/xml-package.ts';
import { parseCib } from './cib-element.ts';

/** One thing that Pacemaker would do. */
export interface TransitionAction {
  /** The resource, or the node. */
  readonly subject: string;
  readonly words: string;
}

/**
 * Reads what `crm_simulate --simulate --output-as=xml` says that Pacemaker would do, without the looks (`monitor`) that
 * change nothing.
 */
export function transitionOf(xmlPackage: XmlPackage, xml: string): TransitionAction[] {
  const transition = parseCib(xmlPackage, xml).children.find(({ name }) => name === 'transition');
  return (transition?.children ?? []).flatMap(({ name, attributes }): TransitionAction[] => {
    const { resource = '', op = '', node = '', target = '', task = '' } = attributes;
    switch (name) {
      case 'rsc_action':
        return op === 'monitor' || op === 'notify'
          ? []
          : [{ subject: resource, words: `${op} ${resource} on ${node}` }];
      case 'fencing_action':
        return [{ subject: target, words: `${op} ${target}, by fencing` }];
      case 'cluster_action':
        return [{ subject: node, words: `${task} on ${node}` }];
      default:
        return [];
    }
  });
}
