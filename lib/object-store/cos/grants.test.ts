import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trustedProfileGrant } from './grants.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'grants-'));
});
afterEach(() => rm(folder, { recursive: true }));
const file = (name: string): string => join(folder, name);

describe('the grant of a trusted profile', () => {
  it('takes the token of the first file that has one', async () => {
    await writeFile(file('empty'), '\n');
    await writeFile(file('token'), ' the token\n');
    await writeFile(file('later'), 'another');
    const files = [file('absent'), file('empty'), file('token'), file('later')];
    expect(await trustedProfileGrant('mq-observer', files)).toEqual({
      grant_type: 'urn:ibm:params:oauth:grant-type:cr-token',
      cr_token: 'the token',
      profile_name: 'mq-observer',
    });
  });

  it('names a profile by its id when it is one', async () => {
    await writeFile(file('token'), 't');
    const grant = await trustedProfileGrant('Profile-0a1b', [file('token')]);
    expect(grant).toMatchObject({ profile_id: 'Profile-0a1b' });
    expect(grant).not.toHaveProperty('profile_name');
  });

  it('reads the file anew each time, for the platform replaces it', async () => {
    await writeFile(file('token'), 'first');
    await trustedProfileGrant('p', [file('token')]);
    await writeFile(file('token'), 'second');
    expect(await trustedProfileGrant('p', [file('token')])).toMatchObject({ cr_token: 'second' });
  });

  it('says where it looked, what it found and what to do', async () => {
    await writeFile(file('empty'), '');
    await expect(trustedProfileGrant('p', [file('absent'), file('empty'), folder])).rejects.toMatchObject({
      code: 'denied',
      message: `no compute resource token in ${file('absent')} (ENOENT), ${file('empty')} (empty), ${folder} (EISDIR); create the function with --trusted-profiles-enabled`,
    });
  });
});
