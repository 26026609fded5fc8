import { describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../platform/function-call/http-call.ts';
import dashboard from './generated/dashboard-page.cjs';
import { createDashboardEndpoint } from './overview-endpoint.ts';

const pageOf = async (registerUrl: string | undefined): Promise<string> => {
  const question = { params: [], query: new URLSearchParams(), isAdmin: false };
  const answer: HttpAnswer | undefined = await createDashboardEndpoint(dashboard.PAGE, registerUrl).answer(
    question,
  );
  return answer !== undefined && 'body' in answer ? String(answer.body) : '';
};
const policyOf = (page: string): string => /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';

describe('the page', () => {
  it('reaches its own origin only, unless it is told another one', async () => {
    const page = await pageOf(undefined);
    expect(policyOf(page)).toContain("; connect-src 'self';");
    expect(page).toContain('<meta id="register-url" content="" />');
  });

  it('reaches the origin of register in addition, and nothing else of its policy changes', async () => {
    const page = await pageOf('https://register.example:8443');
    expect(policyOf(page)).toContain("; connect-src 'self' https://register.example:8443;");
    expect(policyOf(page).replace(' https://register.example:8443', '')).toBe(
      policyOf(await pageOf(undefined)),
    );
    expect(page).toContain('<meta id="register-url" content="https://register.example:8443" />');
  });
});
