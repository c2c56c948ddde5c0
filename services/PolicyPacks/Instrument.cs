using CarbonMarket.Kernel;

namespace CarbonMarket.PolicyPacks;

/// <summary>What is traded (交易产品).</summary>
public sealed record Instrument
{
    internal const TimesInForce TimesInForceUnlessSaid = TimesInForce.Day | TimesInForce.ImmediateOrCancel;

    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string NameZh { get; init; }

    public InstrumentKind Kind { get; init; }

    /// <summary>What one unit stands for: <c>tCO2e</c> or <c>tce</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>The year the units were issued for; null where all vintages trade as one.</summary>
    public int? Vintage { get; init; }

    /// <summary>Id of the composite quote (综合价格行情) that its trades count in; null: of none.</summary>
    public string? Composite { get; init; }

    /// <summary>GB/T 2260 code of the province or prefecture whose energy use the right counts in; null for other kinds.</summary>
    public string? Region { get; init; }

    /// <summary>How the energy was turned into tce; null for other kinds than energy-use rights, never for these.</summary>
    public EnergyBasis? EnergyBasis { get; init; }

    /// <summary>Which quota of energy use the right is of; null where the market does not tell them apart.</summary>
    public EnergyQuota? Quota { get; init; }

    /// <summary>Orders are whole multiples of this, in units.</summary>
    public required long LotSize { get; init; }

    /// <summary>Prices are whole multiples of this, in minor units of the currency.</summary>
    public required long TickMinor { get; init; }

    /// <summary>Orders of this quantity and above trade as blocks (大宗协议交易), below it in the book; null: no blocks.</summary>
    public long? ListedBelowQuantity { get; init; }

    /// <summary>How far a price in the book may lie from the previous close (涨跌幅), in 0.01 %; null: no band.</summary>
    public int? PriceBandBasisPoints { get; init; }

    /// <summary>The same for blocks.</summary>
    public int? BlockPriceBandBasisPoints { get; init; }

    /// <summary>To which tick the ends of a band are rounded.</summary>
    public BandRounding BandRounding { get; init; }

    /// <summary>The close to start from while there is none, in minor units.</summary>
    public long? BasePriceMinor { get; init; }

    /// <summary>Units bought today may not be sold again today.</summary>
    public bool SameDayResaleBanned { get; init; }

    public SelfTradePrevention SelfTrade { get; init; }

    /// <summary>Most units one order may ask for: a typing error stops here; null: off.</summary>
    public long? LargestOrderQuantity { get; init; }

    /// <summary>The same for quantity times price, in minor units.</summary>
    public long? LargestOrderValueMinor { get; init; }

    /// <summary>
    /// Most units a participant may hold (最大持仓量), bought and not yet delivered ones and those of its open buy orders
    /// included; null: off.
    /// </summary>
    public long? PositionLimit { get; init; }

    /// <summary>Units from which a participant's holding is reported to the regulator (大户报告); null: off.</summary>
    public long? LargeTraderReportFrom { get; init; }

    /// <summary>What each side of a trade pays (交易手续费); null: nothing.</summary>
    public TradeFees? Fees { get; init; }

    public TimesInForce TimesInForce { get; init; } = TimesInForceUnlessSaid;

    /// <summary>Days after the one it is placed on for which an order may be good; null unless it may be good till a date.</summary>
    public int? LongestGoodTillDays { get; init; }

    /// <summary>When refused prices halt the instrument by themselves; null: they never do.</summary>
    public PriceRunHalt? PriceRunHalt { get; init; }

    /// <summary>What whoever buys, or sells, by these rules is to pay of each trade.</summary>
    public BasisPoints FeeRate(bool buys) =>
        Fees is not { } fees ? BasisPoints.None : BasisPoints.Of(buys ? fees.BuyerBasisPoints : fees.SellerBasisPoints);
}

public enum InstrumentKind
{
    /// <summary>The right to emit (碳排放配额).</summary>
    Allowance,

    /// <summary>The right to use energy (用能权).</summary>
    EnergyUseRight,

    /// <summary>A certified reduction (核证自愿减排量) that may stand in for a capped share of the allowances due.</summary>
    Offset,
}

/// <summary>
/// How energy becomes tonnes of coal equivalent. The two give different figures for the same electricity, so amounts on
/// different bases are never compared or added. The English terms are those of the China Energy Statistical Yearbook.
/// </summary>
public enum EnergyBasis
{
    /// <summary>Calorific value calculation (当量值, 电热当量计算法): electricity counts as the heat it is.</summary>
    CalorificValue,

    /// <summary>Coal equivalent calculation (等价值, 发电煤耗计算法): electricity counts as the coal burned to generate it.</summary>
    CoalEquivalent,
}

public enum EnergyQuota
{
    /// <summary>Of units in operation (存量).</summary>
    Stock,

    /// <summary>Of new and enlarged projects (增量).</summary>
    Increment,
}

/// <summary>The exact end of a band seldom lies on a tick: 74.63 less 10 % is 67.167.</summary>
public enum BandRounding
{
    /// <summary>So that the percentage is never exceeded: 67.17 to 82.09.</summary>
    Inward,

    /// <summary>To the nearest tick, half a tick away from zero.</summary>
    Nearest,
}

/// <summary>What happens when an order would trade with another of the same participant.</summary>
public enum SelfTradePrevention
{
    CancelIncoming,
    CancelResting,

    /// <summary>Both lose the smaller of the two quantities.</summary>
    ReduceBoth,
}

/// <summary>How long orders may stand.</summary>
[Flags]
public enum TimesInForce
{
    None = 0,
    Day = 1,
    GoodTillDate = 2,
    ImmediateOrCancel = 4,
    FillOrKill = 8,
}

/// <summary>Each of the trade's value; <see cref="BasisPoints"/> says how it is rounded.</summary>
public sealed record TradeFees(int BuyerBasisPoints, int SellerBasisPoints);

/// <summary>
/// So many refusals of prices outside the band, within so many seconds, halt the instrument for so many minutes.
/// </summary>
/// <param name="Participants">Of how many different participants at least, so that nobody halts a market alone.</param>
public sealed record PriceRunHalt(int Count, int Seconds, int Minutes, int Participants = 2);
