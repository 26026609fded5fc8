import { describe, expect, it } from 'vitest';
import { instructions } from './instructions.ts';

const ADDRESSES = {
  url: 'http://127.0.0.1:8080',
  targetUrl: 'http://127.0.0.1:18081',
  controlUrl: 'http://127.0.0.1:18444',
  dataDir: '/data/demo',
};

describe('the instructions of the demo', () => {
  it('say that all is simulated, and where', () => {
    const text = instructions({ ...ADDRESSES, needsToken: false });
    expect(text).toContain('SIMULATED');
    expect(text).toContain('/data/demo');
    expect(text).not.toContain('authorization');
  });

  it('show where a token goes, to the gateway and to nobody else', () => {
    const lines = instructions({ ...ADDRESSES, needsToken: true })
      .split('\n')
      .filter((line) => line.includes('curl'));
    for (const line of lines)
      expect(line.includes('Bearer $ADMIN_TOKEN')).toBe(!line.includes(ADDRESSES.controlUrl));
    expect(lines.length).toBe(7);
  });
});
