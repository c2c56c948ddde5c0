using CarbonMarket.Contracts.Settlement.V1.Grpc;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Settlement.Ledger;
using Grpc.Core;

namespace CarbonMarket.Settlement.TradingAccounts;

/// <summary>Answers Trading's question what the ledger has on the trading accounts. Never changes anything.</summary>
public sealed class LedgerQueriesService(Ledgers ledgers, PolicyPackCatalog packs) : LedgerQueries.LedgerQueriesBase
{
    private const int LargestPage = 1000;

    public override async Task<ListTradingAccountsReply> ListTradingAccounts(ListTradingAccountsRequest request, ServerCallContext context)
    {
        if (packs.Find(request.Market) is null)
            throw Refusal(StatusCode.NotFound, $"unknown-market: no market '{request.Market}' runs here.");
        if (request.PageSize is < 1 or > LargestPage)
            throw Refusal(StatusCode.InvalidArgument, $"page_size is 1-{LargestPage}, not {request.PageSize}.");
        if (!TryReadCursor(request.AfterParticipantId, out var after))
            throw Refusal(StatusCode.InvalidArgument, "after_participant_id is a GUID or empty.");
        try
        {
            return await ledgers[request.Market].Read(ledger => Page(ledger, after, request.PageSize), context.CancellationToken);
        }
        catch (Journaling.EngineUnavailableException exception)
        {
            throw Refusal(StatusCode.Unavailable, exception.Message);
        }
    }

    private static bool TryReadCursor(string text, out Guid? after)
    {
        after = Guid.TryParse(text, out var id) ? id : null;
        return text.Length == 0 || after is not null;
    }

    private static ListTradingAccountsReply Page(LedgerState ledger, Guid? after, int size)
    {
        var found = TradingAccountView.After(ledger, after).Take(size + 1).ToList();
        var reply = new ListTradingAccountsReply { LedgerVersion = ledger.Version, HasMore = found.Count > size };
        reply.Accounts.AddRange(found.Take(size).Select(Message));
        return reply;
    }

    private static TradingAccount Message(TradingAccountView account)
    {
        var message = new TradingAccount
        {
            ParticipantId = account.ParticipantId.ToString(),
            CashMinor = account.CashMinor.Minor,
            CashPendingInMinor = account.CashPendingInMinor.Minor,
            CashPendingOutMinor = account.CashPendingOutMinor.Minor,
        };
        message.Units.AddRange(account.Units.Select(units => new UnitHolding
        {
            Instrument = units.Instrument,
            Quantity = units.Quantity.Value,
            PendingIn = units.PendingIn.Value,
            PendingOut = units.PendingOut.Value,
        }));
        return message;
    }

    private static RpcException Refusal(StatusCode code, string detail) => new(new Status(code, detail));
}
