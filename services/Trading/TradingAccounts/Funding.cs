using CarbonMarket.Kernel;
using CarbonMarket.Trading.Market;
using static CarbonMarket.Kernel.Decision<CarbonMarket.Trading.Market.MarketEvent>;

namespace CarbonMarket.Trading.TradingAccounts;

/// <summary>Settlement says that units or cash have arrived from outside trading; exactly one of the two is above zero.</summary>
/// <param name="Number">Settlement's count of the market's fundings; null on one that is older than the count.</param>
/// <param name="ForAuction">Issued onto the account by the authority, to be auctioned.</param>
public sealed record FundAccount(
    Guid FundingId, Guid ParticipantId, string? Instrument, Quantity Quantity, Money Cash, DateTimeOffset At,
    long? Number = null, bool ForAuction = false) : MarketCommand(At);

/// <param name="Number">As Settlement counts; null on a fact that is older than the count.</param>
/// <param name="ForAuction">Issued onto the account by the authority, to be auctioned.</param>
public sealed record AccountFunded(
    Guid FundingId, Guid ParticipantId, string? Instrument, Quantity Quantity, Money Cash, DateTimeOffset At,
    long? Number = null, bool ForAuction = false) : MarketEvent(At);

/// <summary>
/// Money and units that arrive. The ledger has decided already, so there is nothing to refuse. A funding counts once however
/// often and however late it is told, because the market knows which of Settlement's numbers have arrived; one that is
/// older than the count is known as long as the engine knows its command.
/// </summary>
public static class Funding
{
    public static Decision<MarketEvent> Decide(MarketState market, FundAccount command) =>
        command.Number is { } number && market.Fundings.Contains(number)
            ? Accept()
            : Accept(new AccountFunded(
                command.FundingId, command.ParticipantId, command.Instrument, command.Quantity, command.Cash, command.At, command.Number,
                command.ForAuction));

    public static void Evolve(MarketState market, AccountFunded funded)
    {
        if (funded.Number is { } number)
            market.Fundings.Add(number);
        var account = market.AccountOf(funded.ParticipantId);
        if (funded.Instrument is { } instrument)
            account.UnitsOf(instrument).Fund(funded.Quantity.Value);
        if (funded is { ForAuction: true, Instrument: { } issued })
            account.UnitsOf(issued).KeepForAuction(funded.Quantity.Value);
        account.Cash.Fund(funded.Cash.Minor);
    }
}
