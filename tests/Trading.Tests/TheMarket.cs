using CarbonMarket.Kernel;
using CarbonMarket.PolicyPacks;
using CarbonMarket.Testing;
using CarbonMarket.Trading.Market;
using CarbonMarket.Trading.Orders;
using CarbonMarket.Trading.TradingAccounts;
using CarbonMarket.Trading.TradingDays;

namespace CarbonMarket.Trading.Tests;

/// <summary>
/// A market to test rules on: two instruments, one plain and one with every rule the packs know; sessions 09:30-11:30 and
/// 13:00-15:00 from Monday to Friday, blocks in the afternoon, in UTC to keep the times readable. Monday 1 March 2021 is the day.
/// </summary>
internal static class TheMarket
{
    public const string Plain = "PLAIN";
    public const string Ruled = "RULED";

    public static readonly DateOnly Monday = new(2021, 3, 1);
    public static readonly DateTimeOffset Morning = At(10, 00);
    public static readonly DateTimeOffset EndOfMonday = At(15, 00);

    public static readonly Guid Ann = DeterministicGuid.From("ann");
    public static readonly Guid Bob = DeterministicGuid.From("bob");
    public static readonly Guid Cem = DeterministicGuid.From("cem");

    public const TimesInForce Any = TimesInForce.Day | TimesInForce.GoodTillDate | TimesInForce.ImmediateOrCancel | TimesInForce.FillOrKill;

    public static readonly PolicyPack Pack = new()
    {
        Market = "test",
        Version = "1",
        Name = "A market to test rules on",
        NameZh = "测试市场",
        TimeZone = "Etc/UTC",
        ValidFrom = new DateOnly(2020, 1, 1),
        Currency = new Currency("CNY", 100),
        Instruments =
        [
            new Instrument
            {
                Id = Plain, Name = Plain, NameZh = Plain, Unit = "tCO2e", LotSize = 1, TickMinor = 1, TimesInForce = Any,
            },
            new Instrument
            {
                Id = Ruled, Name = Ruled, NameZh = Ruled, Unit = "tce", LotSize = 10, TickMinor = 5, ListedBelowQuantity = 1_000,
                PriceBandBasisPoints = 1_000, BlockPriceBandBasisPoints = 3_000, BasePriceMinor = 7_460, SameDayResaleBanned = true,
                TimesInForce = Any,
            },
        ],
        Trading = new TradingRules
        {
            Days = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday],
            Holidays = [new DateOnly(2021, 3, 3)],
            Sessions =
            [
                new Session(Session.Continuous, new TimeOnly(9, 30), new TimeOnly(11, 30)),
                new Session(Session.Continuous, new TimeOnly(13, 0), new TimeOnly(15, 0)),
                new Session(Session.Block, new TimeOnly(13, 0), new TimeOnly(15, 0)),
            ],
        },
        Compliance = new ComplianceRules
        {
            FirstYear = 2021, Unit = "tCO2e", ReportDeadline = new MonthDay(3, 31), SurrenderDeadline = new MonthDay(4, 30),
        },
        Registry = new RegistryRules { AccountNumberPrefix = "T", AccountTypes = [], TransactionTypes = [] },
    };

    /// <summary>It opens with a call until 09:25 and closes with one from 14:57, and the book trades from 09:30.</summary>
    public static readonly PolicyPack CallsAtBothEnds = Pack with
    {
        Trading = Pack.Trading with
        {
            Sessions =
            [
                new Session(Session.Call, new TimeOnly(9, 15), new TimeOnly(9, 25)) { Purpose = CallPurpose.Open },
                new Session(Session.Continuous, new TimeOnly(9, 30), new TimeOnly(11, 30)),
                new Session(Session.Continuous, new TimeOnly(13, 0), new TimeOnly(14, 57)),
                new Session(Session.Call, new TimeOnly(14, 57), new TimeOnly(15, 0)) { Purpose = CallPurpose.Close },
            ],
        },
    };

    public static readonly MarketModel Model = new([Pack]);

    public static readonly Spec<MarketState, MarketCommand, MarketEvent> Spec = Under(Model);

    public static readonly MarketEvent DayOpened = new TradingDayOpened(Monday, EndOfMonday, Morning);

    /// <summary>The same market with other rules.</summary>
    public static Spec<MarketState, MarketCommand, MarketEvent> Under(PolicyPack pack) => Under(new MarketModel([pack]));

    public static PolicyPack With(this PolicyPack pack, string instrument, Func<Instrument, Instrument> changed) => pack with
    {
        Instruments = [.. pack.Instruments.Select(rules => rules.Id == instrument ? changed(rules) : rules)],
    };

    /// <summary>A time of the Monday, or of a day after it.</summary>
    public static DateTimeOffset At(int hour, int minute, int daysLater = 0) => new(2021, 3, 1 + daysLater, hour, minute, 0, TimeSpan.Zero);

    public static Guid Id(string name) => DeterministicGuid.From(name);

    public static MarketEvent Cash(Guid participant, long minor) => new AccountFunded(
        DeterministicGuid.From(participant, "cash", minor), participant, null, Quantity.Zero, Money.OfMinor(minor), At(8, 0));

    public static MarketEvent Units(Guid participant, long quantity, string instrument = Plain) => new AccountFunded(
        DeterministicGuid.From(participant, instrument, quantity), participant, instrument, Quantity.Of(quantity), Money.Zero, At(8, 0));

    /// <summary>Units that the authority has issued onto a trading account.</summary>
    public static MarketEvent Issued(Guid participant, long quantity, string instrument = Plain) =>
        ((AccountFunded)Units(participant, quantity, instrument)) with { ForAuction = true };

    public static PlaceOrder Buy(
        Guid participant, string order, long quantity, long price, string instrument = Plain, TimeInForce life = TimeInForce.Day,
        DateTimeOffset? at = null) =>
        new(Id(order), participant, instrument, Side.Buy, Quantity.Of(quantity), Price.OfMinor(price), life, at ?? Morning);

    public static PlaceOrder Sell(
        Guid participant, string order, long quantity, long price, string instrument = Plain, TimeInForce life = TimeInForce.Day,
        DateTimeOffset? at = null) =>
        new(Id(order), participant, instrument, Side.Sell, Quantity.Of(quantity), Price.OfMinor(price), life, at ?? Morning);

    public static OrderAccepted Accepted(PlaceOrder order, long number = 1) => new(
        number, order.OrderId, order.ParticipantId, order.Instrument, order.Side, order.Quantity, order.Price!.Value, order.TimeInForce, order.At)
    { Conditions = order.Conditions };

    public static Spec<MarketState, MarketCommand, MarketEvent> Under(MarketModel model) =>
        new Spec<MarketState, MarketCommand, MarketEvent>(model.Initial, model.Decide, model.Evolve).WhereTheJournalAnswersRepeats();

    public static PlaceOrder With(this PlaceOrder order, long? minimum = null, bool postOnly = false, DateOnly? goodTill = null) =>
        order with { Conditions = new OrderConditions(goodTill, minimum is { } units ? Quantity.Of(units) : null, postOnly) };
}
