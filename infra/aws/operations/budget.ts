import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import type { Construct } from 'constructs'
import type { Settings } from '../settings.ts'

/** The heading in docs/runbook.md; a budget has no description that could name it. */
export const budgetHeading = 'The month costs more than planned'

/**
 * Tells by e-mail when the month's costs of this stack have passed the budget, and when AWS forecasts that they will. It goes
 * by the stack's tag (placar.ts), which the account must have activated as a cost allocation tag: no template can do that.
 */
export const addBudget = (
  scope: Construct,
  { stack, monthlyBudget, alarmEmail }: Pick<Settings, 'stack' | 'monthlyBudget' | 'alarmEmail'>,
): void => {
  if (monthlyBudget === 0 || alarmEmail === undefined) return
  new CfnBudget(scope, 'Budget', {
    budget: {
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: monthlyBudget, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:placar$${stack}`] },
    },
    notificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((notificationType) => ({
      notification: {
        notificationType,
        comparisonOperator: 'GREATER_THAN',
        threshold: 100,
        thresholdType: 'PERCENTAGE',
      },
      subscribers: [{ subscriptionType: 'EMAIL', address: alarmEmail }],
    })),
  })
}
