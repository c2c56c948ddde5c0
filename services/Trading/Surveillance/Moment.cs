using System.Collections.Immutable;
using CarbonMarket.PolicyPacks;

namespace CarbonMarket.Trading.Surveillance;

/// <summary>
/// Where the fold is: the fact's version, its legal time and the rules in force then. Alerts are raised here, and here is
/// the bound on how many: so many of one case, so many of one day. What is raised beyond is counted and not told, because the
/// case is open by then and has its proofs, and a market's alerts shall not become its load.
/// </summary>
internal sealed class Moment(ImmutableArray<PolicyPack> packs)
{
    /// <summary>Alerts of one case, which is of one day.</summary>
    public const int MostAlertsOfACase = 20;

    /// <summary>Alerts of one market on one legal day.</summary>
    public const int MostAlertsOfADay = 2_000;

    private readonly Dictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, int> _alertsOfCases = [];
    private readonly List<Alert> _raised = [];
    private DateTimeOffset _dayEnds = DateTimeOffset.MinValue;
    private DateTimeOffset _dayStarts = DateTimeOffset.MaxValue;
    private DateOnly _countedDay;
    private int _alertsOfTheDay;

    public long Version { get; private set; }

    public DateTimeOffset At { get; private set; }

    public DateOnly Day { get; private set; }

    public PolicyPack Pack { get; private set; } = packs[0];

    /// <summary>Null: nothing is watched.</summary>
    public PolicyPacks.Surveillance? Watched => Pack.Trading.Surveillance;

    /// <summary>Alerts that were not told, since the fold began.</summary>
    public long Withheld { get; private set; }

    /// <summary>Null: the pack in force does not know it any more.</summary>
    public Instrument? Rules(string instrument) => _instruments.GetValueOrDefault(instrument);

    /// <summary>The pack is asked once a day and not once a fact.</summary>
    public void MoveTo(long version, DateTimeOffset at)
    {
        (Version, At) = (version, at);
        if (at >= _dayStarts && at < _dayEnds)
            return;
        Pack = packs.InForce(at);
        Day = Pack.LegalDay(at);
        (_dayStarts, _dayEnds) = (Pack.StartOfDay(Day), Pack.EndOfDay(Day));
        _instruments.Clear();
        foreach (var rules in Pack.Instruments)
            _instruments.Add(rules.Id, rules);
    }

    public void Raise(
        AbusePattern pattern, string? instrument, IEnumerable<Guid> participants, ImmutableArray<Measurement> measurements,
        IEnumerable<Proof> proofs)
    {
        if (_countedDay != Day)
            Count(Day, ImmutableSortedDictionary<Guid, int>.Empty);
        if (_alertsOfTheDay == MostAlertsOfADay)
        {
            Withheld++;
            return;
        }
        var alert = Alert.Of(Pack.Market, pattern, instrument, participants, Day, At, measurements, proofs);
        var ofCase = _alertsOfCases.GetValueOrDefault(alert.CaseId);
        if (ofCase == MostAlertsOfACase)
        {
            Withheld++;
            return;
        }
        _alertsOfCases[alert.CaseId] = ofCase + 1;
        _alertsOfTheDay++;
        _raised.Add(alert);
    }

    public ImmutableArray<Alert> TakeRaised()
    {
        if (_raised.Count == 0)
            return [];
        ImmutableArray<Alert> raised = [.. _raised];
        _raised.Clear();
        return raised;
    }

    public AlertCounts Save() => new(_countedDay, _alertsOfCases.ToImmutableSortedDictionary());

    public void Load(AlertCounts saved) => Count(saved.Day, saved.OfCases);

    private void Count(DateOnly day, ImmutableSortedDictionary<Guid, int> ofCases)
    {
        _alertsOfCases.Clear();
        foreach (var (caseId, alerts) in ofCases)
            _alertsOfCases.Add(caseId, alerts);
        (_countedDay, _alertsOfTheDay) = (day, _alertsOfCases.Values.Sum());
    }
}

/// <summary>Alerts raised on the day the last one was raised on, by case.</summary>
internal sealed record AlertCounts(DateOnly Day, ImmutableSortedDictionary<Guid, int> OfCases);
