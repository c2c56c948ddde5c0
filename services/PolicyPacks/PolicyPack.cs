using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CarbonMarket.PolicyPacks;

/// <summary>
/// One version of everything that tells one market from another: units, bands, sessions, deadlines, account types.
/// Code asks the pack and never the market's name.
/// </summary>
public sealed partial record PolicyPack
{
    /// <summary>The market's id as paths and events carry it: <c>uk-ets</c>, <c>gansu</c>.</summary>
    public required string Market { get; init; }

    public required string Version { get; init; }

    public required string Name { get; init; }

    public required string NameZh { get; init; }

    /// <summary>IANA id of the zone the market's legal days are counted in.</summary>
    public required string TimeZone
    {
        get;
        init
        {
            field = value;
            Zone = TimeZoneInfo.FindSystemTimeZoneById(value);
        }
    }

    /// <summary>First legal day of this version.</summary>
    public required DateOnly ValidFrom { get; init; }

    /// <summary>Last legal day of this version; null until a newer version begins.</summary>
    public DateOnly? ValidTo { get; init; }

    public required Currency Currency { get; init; }

    public required ImmutableArray<Instrument> Instruments
    {
        get;
        init
        {
            field = value;
            ById = value.ToFrozenDictionary(instrument => instrument.Id, StringComparer.Ordinal);
        }
    }

    /// <summary>
    /// What is quoted over all vintages of an allowance together (综合价格行情), as if it were an instrument: it has trades, but no
    /// orders, band or base price of its own.
    /// </summary>
    public ImmutableArray<Instrument> Composites { get; init; } = [];

    public required TradingRules Trading { get; init; }

    public required ComplianceRules Compliance { get; init; }

    public required RegistryRules Registry { get; init; }

    public VerificationRules Verification { get; init; } = new();

    public AllocationRules Allocation { get; init; } = new();

    /// <summary>Every other number of the rules, by id: thresholds, shares, benchmarks, factors, fines.</summary>
    public ImmutableArray<Parameter> Parameters { get; init; } = [];

    /// <summary>Where each number was found, by its JSON path in the pack's file; <see cref="Documents"/> names the sources.</summary>
    public ImmutableSortedDictionary<string, string> Sources { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The documents that the tags [V:key] refer to, by key.</summary>
    public ImmutableSortedDictionary<string, string> Documents { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    private TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    private FrozenDictionary<string, Instrument> ById { get; init; } = FrozenDictionary<string, Instrument>.Empty;

    /// <summary>Every order asks, of however many instruments.</summary>
    public Instrument? Instrument(string id) => ById.GetValueOrDefault(id);

    public Parameter? Parameter(string id) => Parameters.FirstOrDefault(parameter => parameter.Id == id);

    /// <summary>A parameter that counts something, as days; null: the pack does not say.</summary>
    public int? Count(string parameter, DateOnly on) => (int?)Parameter(parameter)?.On(on)?.Value;
}

/// <param name="Code">ISO 4217.</param>
/// <param name="MinorUnits">Minor units in one major unit: 100 fen (分) in a yuan, 100 pence in a pound.</param>
public sealed record Currency(string Code, int MinorUnits);
