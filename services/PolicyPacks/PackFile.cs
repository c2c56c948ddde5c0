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
        public IReadOnlyList<ParameterPart> Parameters { get; init; } = [];
    }

    internal sealed record InstrumentPart
    {
        public string? Id { get; init; }
        public LocalName? Name { get; init; }
        public string? Unit { get; init; }
        public Sourced<IReadOnlyList<int>>? Vintages { get; init; }
        public Sourced<long>? LotSize { get; init; }
        public Sourced<long>? TickMinor { get; init; }
        public Sourced<long>? ListedBelowQuantity { get; init; }
        public Sourced<int>? PriceBandBasisPoints { get; init; }
        public Sourced<int>? BlockPriceBandBasisPoints { get; init; }
        public Sourced<long>? BasePriceMinor { get; init; }
        public Sourced<bool>? SameDayResaleBanned { get; init; }

        /// <summary>One id, or one for each vintage.</summary>
        public IEnumerable<(string Id, int? Vintage)> Expanded => Vintages?.Value is { } years
            ? years.Select(year => ($"{Id}-{year}", (int?)year))
            : [(Id ?? string.Empty, null)];
    }

    internal sealed record TradingPart
    {
        public Sourced<IReadOnlyList<string>>? Days { get; init; }
        public IReadOnlyList<HolidayPart> Holidays { get; init; } = [];
        public IReadOnlyList<SessionPart> Sessions { get; init; } = [];
    }

    internal sealed record HolidayPart(string? Name, string? From, string? To);

    internal sealed record SessionPart(string? Mode, string? Opens, string? Closes);

    internal sealed record CompliancePart
    {
        public Sourced<int>? FirstYear { get; init; }
        public string? Unit { get; init; }
        public Sourced<string>? ReportDeadline { get; init; }
        public Sourced<string>? SurrenderDeadline { get; init; }
        public IReadOnlyList<ExceptionPart> Exceptions { get; init; } = [];
    }

    internal sealed record ExceptionPart(int? Year, string? Report, string? Surrender);

    internal sealed record RegistryPart
    {
        public string? AccountNumberPrefix { get; init; }
        public IReadOnlyList<AccountTypePart> AccountTypes { get; init; } = [];
        public IReadOnlyList<TransactionTypePart> TransactionTypes { get; init; } = [];
    }

    internal sealed record AccountTypePart(string? Id, string? HeldBy, bool HoldsUnits, bool HoldsCash);

    internal sealed record TransactionTypePart
    {
        public string? Id { get; init; }
        public IReadOnlyList<string> From { get; init; } = [];
        public IReadOnlyList<string> To { get; init; } = [];
        public bool SecondPersonApproves { get; init; }
        public bool Reversible { get; init; }
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
