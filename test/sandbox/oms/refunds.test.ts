import { describeRefundRules } from './refund-rules.ts';

describeRefundRules('embedded database', () => 'memory');
