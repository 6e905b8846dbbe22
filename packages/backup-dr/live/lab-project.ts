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
  /** Makes an image of the project. @returns its id */
  readonly image: (called: string, bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
  /** Makes one that belongs to the cloud, and is there when the project is not. @returns its id */
  readonly publicImage: (called: string, bytes: Uint8Array<ArrayBuffer>) => Promise<string>;
}

/** Makes a project; disposed, it goes with all that is in it, and the images that were made beside it. */
export async function labProject(
  name: string,
  { suite, containers = false }: { readonly suite?: LabSuite; readonly containers?: boolean } = {},
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
    image: (called, bytes) => imageIn(cloud, called, bytes, 'private'),
    async publicImage(called, bytes) {
      const made = await imageIn(admin, called, bytes, 'public');
      images.push(made);
      return made;
    },
    async [Symbol.asyncDispose]() {
      // The core of the lab has Swift in its catalogue, and does not run it.
      await emptyProject(cloud, id, { containers });
      await cloud.close();
      await admin.identity.projects.delete({ id });
      for (const image of images) await admin.image.images.delete({ id: image });
      await admin.close();
    },
  };
}

async function imageIn(
  cloud: Cloud,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  visibility: 'private' | 'public',
): Promise<string> {
  const { images, data } = cloud.image;
  const { id } = await images.create({ name, disk_format: 'raw', container_format: 'bare', visibility });
  await data.upload({ id }, bytes);
  return id;
}

/** Bytes that no others repeat, and that are the same for the same seed. */
export function pattern(seed: number, mebibytes: number): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.alloc(mebibytes * 2 ** 20);
  for (let at = 0; at < bytes.length; at += 4)
    bytes.writeUInt32LE(Math.imul(at + seed, 2_654_435_761) >>> 0, at);
  return new Uint8Array(bytes);
}
