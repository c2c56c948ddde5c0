namespace CarbonMarket.Architecture.Violations;

internal static class TradeHelper;

internal static class AccountManager;
