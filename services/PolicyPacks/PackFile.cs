using System.Collections.Immutable;
using System.Text.Json;

namespace CarbonMarket.PolicyPacks;

/// <summary>
/// A pack as its file has it. Dates and times stay text until they are checked, and whatever the schema demands may
/// still be missing: the checks run over faulty files too, so that all faults come out at once.
/// </summary>
internal sealed record PackFile
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNameCaseInsensitive = false };

    public string? Market { get; init; }
    public LocalName? Name { get; init; }
    public string? TimeZone { get; init; }
    public CurrencyPart? Currency { get; init; }
    public ImmutableSortedDictionary<string, string> Documents { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
    public IReadOnlyList<VersionPart> Versions { get; init; } = [];

    internal sealed record LocalName(string? En, string? Zh);

    internal sealed record Sourced<T>(T? Value, string? Source);

    internal sealed record CurrencyPart(string? Code, Sourced<int>? MinorUnits);

    internal sealed record VersionPart
    {
        public string? Version { get; init; }
        public Sourced<string>? ValidFrom { get; init; }
        public Sourced<string>? ValidTo { get; init; }
        public IReadOnlyList<InstrumentPart> Instruments { get; init; } = [];
        public TradingPart Trading { get; init; } = new();
        public CompliancePart Compliance { get; init; } = new();
        public RegistryPart Registry { get; init; } = new();
        public VerificationPart Verification { get; init; } = new();
        public IReadOnlyList<ParameterPart> Parameters { get; init; } = [];
        public AllocationPart Allocation { get; init; } = new();
    }

    internal sealed record InstrumentPart
    {
        public string? Id { get; init; }
        public LocalName? Name { get; init; }
        public string? Kind { get; init; }
        public string? Unit { get; init; }
        public Sourced<IReadOnlyList<int>>? Vintages { get; init; }
        public Sourced<bool>? Composite { get; init; }
        public Sourced<string>? Region { get; init; }
        public Sourced<string>? EnergyBasis { get; init; }
        public Sourced<string>? Quota { get; init; }
        public Sourced<long>? LotSize { get; init; }
        public Sourced<long>? TickMinor { get; init; }
        public Sourced<long>? ListedBelowQuantity { get; init; }
        public Sourced<int>? PriceBandBasisPoints { get; init; }
        public Sourced<int>? BlockPriceBandBasisPoints { get; init; }
        public Sourced<long>? BasePriceMinor { get; init; }
        public Sourced<bool>? SameDayResaleBanned { get; init; }
        public Sourced<string>? BandRounding { get; init; }

        public Sourced<string>? SelfTrade { get; init; }
        public Sourced<long>? LargestOrderQuantity { get; init; }
        public Sourced<long>? LargestOrderValueMinor { get; init; }
        public Sourced<long>? PositionLimit { get; init; }
        public Sourced<long>? LargeTraderReportFrom { get; init; }
        public FeesPart? FeeBasisPoints { get; init; }
        public Sourced<IReadOnlyList<string>>? TimesInForce { get; init; }
        public Sourced<int>? LongestGoodTillDays { get; init; }
        public HaltPart? PriceRunHalt { get; init; }

        /// <summary>An allowance, unless it says what else it is.</summary>
        public string KindOrAllowance => Kind ?? "allowance";

        /// <summary>One id, or one for each vintage.</summary>
        public IEnumerable<(string Id, int? Vintage)> Expanded => Vintages?.Value is { } years
            ? years.Select(year => ($"{Id}-{year}", (int?)year))
            : [(Id ?? string.Empty, null)];

        public bool Stands(string word) => TimesInForce?.Value is { } words && words.Contains(word, StringComparer.Ordinal);
    }

    internal sealed record FeesPart(int Buyer, int Seller);

    internal sealed record HaltPart(int Count, int Seconds, int Minutes, int? Participants);

    internal sealed record TradingPart
    {
        public Sourced<IReadOnlyList<string>>? Days { get; init; }
        public IReadOnlyList<HolidayPart> Holidays { get; init; } = [];
        public IReadOnlyList<SessionPart> Sessions { get; init; } = [];
        public Sourced<string>? Closing { get; init; }
        public Sourced<int>? MessagesPerSecond { get; init; }
        public Sourced<int>? MostOpenOrders { get; init; }
        public Sourced<int>? MostOrdersPerDay { get; init; }
        public Sourced<int>? MostOpenBlocks { get; init; }
        public Sourced<int>? MostOwnAuctions { get; init; }

        public AuctionRules? Auctions { get; init; }

        /// <summary>Read straight into the pack's own records, as are auctions: thresholds need no checks beyond the schema's.</summary>
        public Surveillance? Surveillance { get; init; }
    }

    internal sealed record HolidayPart(string? Name, string? From, string? To);

    internal sealed record SessionPart
    {
        public string? Mode { get; init; }
        public string? Purpose { get; init; }
        public string? Opens { get; init; }
        public string? Closes { get; init; }
        public IReadOnlyList<string> Instruments { get; init; } = [];
        public IReadOnlyList<string> Kinds { get; init; } = [];

        public bool IsForAll => Instruments.Count == 0 && Kinds.Count == 0;

        /// <summary>Ids of the instruments it is for; the id of an instrument with vintages means every vintage.</summary>
        public IEnumerable<string> For(IReadOnlyList<InstrumentPart> instruments) =>
            from instrument in instruments
            from one in instrument.Expanded
            where IsForAll || Names(instrument.Id) || Names(one.Id) || Kinds.Contains(instrument.KindOrAllowance, StringComparer.Ordinal)
            select one.Id;

        private bool Names(string? id) => id is not null && Instruments.Contains(id, StringComparer.Ordinal);
    }

    internal sealed record CompliancePart
    {
        public Sourced<int>? FirstYear { get; init; }
        public string? Unit { get; init; }
        public Sourced<string>? ReportDeadline { get; init; }
        public Sourced<string>? SurrenderDeadline { get; init; }
        public Sourced<string>? StatusRule { get; init; }
        public Sourced<IReadOnlyList<int>>? NoticeDays { get; init; }
        public IReadOnlyList<UsableVintagesPart> UsableVintages { get; init; } = [];
        public IReadOnlyList<CarryOverPart> CarryOvers { get; init; } = [];
        public IReadOnlyList<ExceptionPart> Exceptions { get; init; } = [];
    }

    internal sealed record UsableVintagesPart(
        int FirstYear, int LastYear, int FirstVintage, int LastVintage, bool Late, string? ValidFrom, string? ValidTo);

    internal sealed record CarryOverPart
    {
        public int IntoYear { get; init; }
        public int FirstVintage { get; init; }
        public int LastVintage { get; init; }
        public int FirstTradingYear { get; init; }
        public int LastTradingYear { get; init; }
        public MomentPart? Snapshot { get; init; }
        public string? Opens { get; init; }
        public IReadOnlyList<BatchPart> Batches { get; init; } = [];
        public IReadOnlyList<int> BarredIfLate { get; init; } = [];
    }

    internal sealed record MomentPart(string? Day, string? Time);

    internal sealed record BatchPart(string? RequestsTo, string? ProcessedOn);

    internal sealed record ExceptionPart(int? Year, string? Report, string? Surrender);

    internal sealed record RegistryPart
    {
        public string? AccountNumberPrefix { get; init; }
        public WorkingHoursPart? WorkingHours { get; init; }
        public Sourced<int>? TrustDelayWorkingHours { get; init; }
        public Sourced<int>? UndeliveredTradeRetries { get; init; }

        public Sourced<int>? RiskReserveBasisPoints { get; init; }
        public IReadOnlyList<AccountTypePart> AccountTypes { get; init; } = [];
        public IReadOnlyList<AccountStatusPart> AccountStatuses { get; init; } = [];
        public IReadOnlyList<TransactionTypePart> TransactionTypes { get; init; } = [];
    }

    internal sealed record AccountStatusPart
    {
        public string? Id { get; init; }
        public IReadOnlyList<string> Sends { get; init; } = [];
        public IReadOnlyList<string> Receives { get; init; } = [];
    }

    internal sealed record WorkingHoursPart
    {
        public Sourced<IReadOnlyList<string>>? Days { get; init; }
        public string? Opens { get; init; }
        public string? Closes { get; init; }
        public IReadOnlyList<string> MakeUpDays { get; init; } = [];
    }

    internal sealed record AccountTypePart(string? Id, string? HeldBy, bool HoldsUnits, bool HoldsCash);

    internal sealed record TransactionTypePart
    {
        public string? Id { get; init; }
        public LocalName? Name { get; init; }
        public IReadOnlyList<string> From { get; init; } = [];
        public IReadOnlyList<string> To { get; init; } = [];
        public string? ProposedBy { get; init; }
        public string? ApprovedBy { get; init; }
        public string? Holders { get; init; }
        public string? Recipients { get; init; }
        public IReadOnlyList<string> Kinds { get; init; } = [];
        public int? DelayWorkingHours { get; init; }
        public IReadOnlyList<string> Reverses { get; init; } = [];
        public int? ReverseWithinDays { get; init; }
        public bool MovesFrozen { get; init; }
        public bool OwnYearFirst { get; init; }
        public bool SettlesDebts { get; init; }
    }

    internal sealed record VerificationPart
    {
        public Sourced<bool>? Appointed { get; init; }
        public Sourced<bool>? SiteVisit { get; init; }
        public Sourced<bool>? CompilersBarred { get; init; }
        public Sourced<bool>? AmendedOnceReopened { get; init; }
        public Sourced<string>? StatementDeadline { get; init; }
        public IReadOnlyList<ExcludedMethodPart> ExcludedMethods { get; init; } = [];
    }

    internal sealed record ExcludedMethodPart(string? Method, int FirstYear, int? LastYear, string? Source);

    internal sealed record AllocationPart
    {
        public IReadOnlyList<DivisionPart> Divisions { get; init; } = [];
        public IReadOnlyList<CategoryPart> Categories { get; init; } = [];
        public IReadOnlyList<SpecialCasePart> SpecialCases { get; init; } = [];
    }

    internal sealed record DivisionPart(string? Code, LocalName? Name, string? Within, string? Source);

    internal sealed record CategoryPart
    {
        public string? Id { get; init; }
        public LocalName? Name { get; init; }
        public int FirstYear { get; init; }
        public int LastYear { get; init; }
        public string? Instrument { get; init; }
        public string? MethodPack { get; init; }
        public ImmutableSortedDictionary<string, string> Scope { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
        public string? Method { get; init; }
        public string? Pre { get; init; }
        public string? Floor { get; init; }
        public string? Entity { get; init; }
        public IssuePart? Issue { get; init; }
        public string? Benchmark { get; init; }
    }

    internal sealed record IssuePart(string? Method, string? Final, string? Before);

    internal sealed record SpecialCasePart(string? Id, LocalName? Name)
    {
        public IReadOnlyList<TreatmentPart> Treatments { get; init; } = [];
    }

    internal sealed record TreatmentPart(int FirstYear, int LastYear, string? Treatment, bool InTrust, string? Source)
    {
        public IReadOnlyList<string> Categories { get; init; } = [];
    }

    internal sealed record ParameterPart
    {
        public string? Id { get; init; }
        public string? Unit { get; init; }
        public string? Meaning { get; init; }
        public IReadOnlyList<ParameterValuePart> Values { get; init; } = [];
    }

    internal sealed record ParameterValuePart(
        decimal Value, int? FirstYear, int? LastYear, string? ValidFrom, string? ValidTo, string? Source);
}
