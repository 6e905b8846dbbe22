import { z } from 'zod';
import { Whole } from './filters.ts';

/** The physical realisation of a network. Administrators only. */
export const ProviderAttributes = {
  /** `flat`, `vlan`, `vxlan`, `gre`, `geneve`, `local`; absent where `segments` tells them. */
  'provider:network_type': z.string().nullable().optional(),
  'provider:physical_network': z.string().nullable().optional(),
  /** VLAN id, VNI, … */
  'provider:segmentation_id': z.number().nullable().optional(),
} as const;

/** Arguments by which a network is realised in a certain way. Administrators only. */
export const ProviderArguments = {
  /** `flat`, `vlan`, `vxlan`, `gre`, `geneve`, `local`: those that the cloud's type drivers know. */
  'provider:network_type': z.string().optional(),
  'provider:physical_network': z.string().nullable().optional(),
  'provider:segmentation_id': Whole.nullable().optional(),
} as const;
