import type { Endpoint } from './endpoint.ts';
import type { Overview } from './overview.ts';

/** `overview`: all that the dashboard shows, in one answer. */
export function createOverviewEndpoint(gather: () => Promise<Overview>): Endpoint {
  return {
    isOpen: false,
    answer: async ({ params }) =>
      params.length > 0
        ? undefined
        : { status: 200, body: await gather(), headers: { 'cache-control': 'no-store' } },
  };
}

/**
 * `dashboard`: the page. Everybody may have it: it holds nothing until its reader shows a token, and the policy of what it
 * may load is in the page itself, but for what a browser takes from a header only.
 * @param registerUrl the origin of `register` where that is another one than the page's: checked, it gets into the policy.
 */
export function createDashboardEndpoint(page: string, registerUrl: string | undefined): Endpoint {
  const body = registerUrl === undefined ? page : reaching(page, registerUrl);
  return {
    isOpen: true,
    answer: async ({ params }) => (params.length > 0 ? undefined : { status: 200, body, headers: HEADERS }),
  };
}

function reaching(page: string, registerUrl: string): string {
  return page
    .replace("connect-src 'self'", (directive) => `${directive} ${registerUrl}`)
    .replace('<meta id="register-url" content="', (beginning) => `${beginning}${registerUrl}`);
}

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy': "frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
