import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { publicPackages, root } from '../workspace.ts';

const home = 'https://github.com/groundcrew/groundcrew';

describe.each(publicPackages().map((each) => [each.folder, each.manifest] as const))(
  'packages/%s',
  (folder, manifest) => {
    // npm refuses a publication with provenance whose `repository` is not the one that it was built in.
    test('says where it comes from, where its faults are told, and what it is about', () => {
      expect(manifest).toMatchObject({
        name: `@groundcrew/${folder}`,
        homepage: `${home}/tree/main/packages/${folder}#readme`,
        bugs: { url: `${home}/issues` },
        license: 'Apache-2.0',
        author: 'The Groundcrew maintainers',
        repository: { type: 'git', url: `git+${home}.git`, directory: `packages/${folder}` },
        publishConfig: { access: 'public', provenance: true },
      });
      expect(manifest.description).toMatch(/^\S.*\S$/);
      expect(manifest.keywords).toContain('openstack');
      expect(new Set(manifest.keywords).size).toBe(manifest.keywords?.length);
    });

    // npm shows a README apart from the repository: a relative link that leaves the package leads nowhere.
    test('links in its README work outside the repository', () => {
      const readme = readFileSync(path.join(root, 'packages', folder, 'README.md'), 'utf8');
      const targets = [...readme.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
      const foreign = targets.filter((target) => !/^(https:\/\/|#|(?!\.\.\/)[\w.-]+(\/|$))/.test(target));
      expect(foreign).toEqual([]);
      // A link to our own repository names a file that is there.
      const own = targets.flatMap((target) => {
        const match = /^https:\/\/github\.com\/groundcrew\/groundcrew\/(?:blob|tree)\/main\/([^#]+)/.exec(
          target,
        );
        return match?.[1] === undefined ? [] : [match[1]];
      });
      expect(own.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    });
  },
);
