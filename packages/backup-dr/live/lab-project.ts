import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab, type LabSuite } from '@groundcrew/lab';
import { emptyProject } from '../src/prove/empty-project.ts';

/** A project on the lab, of which an administrator is a member. */
export interface LabProject extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  /** In the project `admin`. */
  readonly admin: Cloud;
  /** The same user in the scope of the project. */
  readonly cloud: Cloud;
  /** Makes an image that belongs to the cloud, and is there when the project is not. @returns its id */
  readonly image: (called: string, bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
}

/** Makes a project; disposed, it goes with all that is in it, and the images that were made beside it. */
export async function labProject(
  name: string,
  { suite }: { readonly suite?: LabSuite } = {},
): Promise<LabProject> {
  const lab = await ensureLab(suite === undefined ? {} : { suite });
  const admin = connect({ cloud: lab.cloud('admin'), env: { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml } });
  const { id } = await admin.identity.projects.create({ name });
  const token = await admin.token();
  for (const role of token?.roles ?? [])
    if (role.id !== undefined)
      await admin.identity.projectUserRoles.assign({
        project_id: id,
        user_id: token?.user?.id ?? '',
        role_id: role.id,
      });
  const cloud = admin.scoped({ project_id: id });
  const images: string[] = [];
  return {
    id,
    name,
    admin,
    cloud,
    async image(called, bytes) {
      const made = await admin.image.images.create({
        name: called,
        disk_format: 'raw',
        container_format: 'bare',
        visibility: 'public',
      });
      images.push(made.id);
      await admin.image.data.upload({ id: made.id }, bytes);
      return made.id;
    },
    async [Symbol.asyncDispose]() {
      await emptyProject(cloud, id);
      await cloud.close();
      await admin.identity.projects.delete({ id });
      for (const image of images) await admin.image.images.delete({ id: image });
      await admin.close();
    },
  };
}

/** Bytes that no others repeat, and that are the same for the same seed. */
export function pattern(seed: number, mebibytes: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(mebibytes * 2 ** 20);
  for (let at = 0; at < bytes.length; at += 4)
    bytes.writeUInt32LE(Math.imul(at + seed, 2_654_435_761) >>> 0, at);
  return new Uint8Array(bytes);
}
