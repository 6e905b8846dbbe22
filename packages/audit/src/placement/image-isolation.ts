import { no, notKnown } from './answer.ts';
import { definePlacementRule, type PlacementRule } from './rule.ts';
import { listOf } from './placement-snapshot.ts';

/**
 * The rule of Nova's AggregateImagePropertiesIsolation: where an aggregate names a property of images, an image that
 * has it must have one of the aggregate's values. An image without it may run there.
 *
 * @param properties which keys of aggregates are meant so; a label such as `os_version` may mean something else to
 *   somebody else. @default every key that the image has
 */
export const imageIsolation = (properties?: readonly string[]): PlacementRule =>
  definePlacementRule({
    id: 'image-isolation',
    title: "An image has what its host's aggregates ask of images",
    severity: 'high',
    allows({ image_properties: own }, { host, labels }) {
      if (labels === undefined) return notKnown(`the aggregates of ${host} were not seen`);
      // Without names every key is meant (nova/scheduler/filters/aggregate_image_properties_isolation.py).
      const asked = Object.entries(labels).filter(([key]) => properties?.includes(key) ?? true);
      if (asked.length === 0) return 'yes';
      if (own === undefined) return notKnown('the properties of its image were not seen');
      for (const [key, values] of asked) {
        const value = Object.hasOwn(own, key) ? own[key] : undefined;
        if (value !== undefined && value !== '' && !listOf(values).includes(value))
          return no(`${host} takes images of ${key} ${values} only, and its image is of ${value}`);
      }
      return 'yes';
    },
  });
