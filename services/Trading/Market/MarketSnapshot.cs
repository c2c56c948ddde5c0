using System.Text.Json.Serialization;
using CarbonMarket.Trading.Auctions;
using CarbonMarket.Trading.Blocks;
using CarbonMarket.Trading.CallAuctions;
using CarbonMarket.Trading.Controls;
using CarbonMarket.Trading.FixedPriceSales;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.Trades;
using CarbonMarket.Trading.TradingAccounts;

namespace CarbonMarket.Trading.Market;

/// <summary>The state in a form that can be stored; lists in an order that depends on the state alone.</summary>
public sealed record MarketSnapshot
{
    /// <summary>Raised whenever an older snapshot would be read wrongly; the engine then replays the journal instead.</summary>
    public const int CurrentFormat = 9;

    public required int Format { get; init; }

    public required DateTimeOffset Now { get; init; }

    public DateOnly? OpenDay { get; init; }

    public DateTimeOffset? DayEndsAt { get; init; }

    public DateOnly? LastClosedDay { get; init; }

    public required long LastTradeSequence { get; init; }

    public required long LastOrderNumber { get; init; }

    public required long LastPriority { get; init; }

    public required long FirstOrderKept { get; init; }

    public required IReadOnlyList<InstrumentSnapshot> Instruments { get; init; }

    public required IReadOnlyList<AccountSnapshot> Accounts { get; init; }

    [JsonConverter(typeof(PackedOrders))]
    public required IReadOnlyList<Order> Orders { get; init; }

    public required IReadOnlyList<AuctionSnapshot> OpenAuctions { get; init; }

    public required IReadOnlyList<AuctionSnapshot> ClosedAuctions { get; init; }

    /// <summary>Null in a snapshot that is older than block trades.</summary>
    public NegotiationsSnapshot? Blocks { get; init; }

    /// <summary>Null in a snapshot that is older than fixed-price sales.</summary>
    public ReserveSalesSnapshot? Sales { get; init; }

    /// <summary>Of the open day, still to come.</summary>
    public required IReadOnlyList<PendingCall> Calls { get; init; }

    [JsonConverter(typeof(PackedTrades))]
    public required IReadOnlyList<TradeExecuted> Uncleared { get; init; }

    [JsonConverter(typeof(PackedTrades))]
    public required IReadOnlyList<TradeExecuted> RecentTrades { get; init; }

    public required IReadOnlyList<WithdrawalReleased> Withdrawals { get; init; }

    public required IReadOnlyList<NumberRange> Fundings { get; init; }

    public required byte[] PastOrders { get; init; }

    public required byte[] PastAuctions { get; init; }

    public required byte[] PastWithdrawals { get; init; }

    /// <summary>Null in a snapshot that is older than them.</summary>
    public IReadOnlyList<RegistryHold>? RegistryHolds { get; init; }

    /// <summary>Null in a snapshot that is older than controls.</summary>
    public ControlsSnapshot? Controls { get; init; }

    /// <summary>Orders by their number, which takes a while of many and so is done when it is written.</summary>
    public MarketSnapshot InOrder()
    {
        Order[] orders = [.. Orders];
        Array.Sort(Array.ConvertAll(orders, order => order.Number), orders);
        return this with { Orders = orders };
    }
}
