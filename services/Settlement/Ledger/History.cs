using CarbonMarket.Settlement.Banking;
using CarbonMarket.Settlement.Transactions;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>
/// The names under which facts are stored for ever, and the documents in which finished things can be looked up once the
/// ledger's memory has let go of them.
/// </summary>
internal static class History
{
    public static void Configure(StoreOptions store)
    {
        EventNames.Map(store);
        ((SystemTextJsonSerializer)store.Serializer()).Configure(json => json.Converters.Add(new StoredBlocks()));
        store.Schema.For<BankPosition>();
        store.Projections.Add<TransactionViews>(ProjectionLifecycle.Async);
        store.Schema.For<TransactionView>().Index(transaction => new { transaction.Market, transaction.Number })
            .Index(transaction => transaction.FromParticipantId).Index(transaction => transaction.ToParticipantId);
    }
}
