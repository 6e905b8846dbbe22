import { parseArguments } from '@groundcrew/ground';
import type { Secret } from '@groundcrew/core';
import * as z from 'zod';
import type { ConfigKind } from './enroll-actions.ts';
import { HaproxyModel } from './haproxy-model.ts';
import { KeepalivedModel } from './keepalived-model.ts';
import { renderHaproxy } from './render-haproxy.ts';
import { BalancerCheckModel, renderBalancerCheck, renderKeepalived } from './render-keepalived.ts';
import { renderSettings } from './settings.ts';
import { Setting } from './topology.ts';

export interface EnrollSecrets {
  /** Password of VRRP, if the topology is `authenticated`. */
  readonly vrrpPassword?: Secret | undefined;
  /** Secrets by the names that settings use. */
  readonly settings?: Readonly<Record<string, Secret>> | undefined;
}

/** The text of a file, from the model in a step. @throws InputError */
export function renderConfig(kind: ConfigKind, model: unknown, secrets: EnrollSecrets): string {
  switch (kind) {
    case 'haproxy':
      return renderHaproxy(parseArguments('renderConfig', HaproxyModel, model));
    case 'check':
      return renderBalancerCheck(parseArguments('renderConfig', BalancerCheckModel, model));
    case 'keepalived':
      return renderKeepalived(parseArguments('renderConfig', KeepalivedModel, model), {
        password: secrets.vrrpPassword,
      });
    case 'settings':
      return renderSettings(parseArguments('renderConfig', z.array(Setting), model), secrets.settings);
  }
}
