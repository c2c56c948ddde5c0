using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Compliance;
using CarbonMarket.Settlement.Surrenders;
using CarbonMarket.Settlement.Transactions;

namespace CarbonMarket.Settlement.Obligations;

/// <summary>A compliance year whose surrender deadline has passed, and how the entities stood on it.</summary>
public sealed record ClosedYear(ComplianceYear Year, DateTimeOffset ClosedAt, IReadOnlyDictionary<string, long> Counts);

/// <summary>
/// Everything heard of one entity: its record once it is covered, and what cannot be entered yet. Facts of other services
/// come in any order, so a fact that the record refuses for now is held and tried again, never lost.
/// </summary>
public sealed class EntityFile(Guid participantId)
{
    public Guid ParticipantId { get; } = participantId;

    public ComplianceRecord? Record { get; set; }

    public List<CoverEntity> HeldCoverage { get; } = [];

    public List<SetExclusion> HeldExclusions { get; } = [];

    public List<RecordEmissions> HeldEmissions { get; } = [];

    /// <summary>Surrenders from before the participant was covered; they count from the moment it is.</summary>
    public List<ComplianceEvent.UnitsSurrendered> EarlySurrenders { get; } = [];

    /// <summary>Of those, what was taken back before the participant was covered.</summary>
    public List<ComplianceEvent.SurrenderReversed> EarlyReversals { get; } = [];

    public bool HoldsFacts => HeldCoverage.Count + HeldExclusions.Count + HeldEmissions.Count > 0;

    /// <summary>So much has been surrendered and not taken back, also of the year alone where one is named.</summary>
    public bool HasSurrendered(Quantity quantity, ComplianceYear? year, bool isOffset) => Record is { } record
        ? record.HasSurrendered(quantity, year, isOffset)
        : Early(null, null) >= quantity.Value && (year is null || Early(year, isOffset) >= quantity.Value);

    private long Early(ComplianceYear? year, bool? isOffset) =>
        EarlySurrenders.Where(e => year is null || (e.Year == year && e.IsOffset == isOffset)).Sum(e => e.Quantity.Value)
        - EarlyReversals.Where(e => year is null || (e.Year == year && e.IsOffset == isOffset)).Sum(e => e.Quantity.Value);

    public void Evolve(ComplianceEvent @event)
    {
        if (Record is null && @event is ComplianceEvent.UnitsSurrendered early)
        {
            EarlySurrenders.Add(early);
            return;
        }
        if (Record is null && @event is ComplianceEvent.SurrenderReversed reversed)
        {
            EarlyReversals.Add(reversed);
            return;
        }
        Record = ComplianceRecord.Evolve(Record, @event);
        if (@event is not ComplianceEvent.Covered)
            return;
        Record = EarlySurrenders.Concat<ComplianceEvent>(EarlyReversals).Aggregate(Record, ComplianceRecord.Evolve);
        EarlySurrenders.Clear();
        EarlyReversals.Clear();
    }
}

/// <summary>The compliance accounts (履约账户) of one market and its calendar.</summary>
public sealed class ComplianceBook
{
    private readonly Dictionary<Guid, EntityFile> _files = [];
    private readonly SortedSet<Guid> _covered = [];
    private readonly SortedSet<Guid> _withHeldFacts = [];
    private readonly SortedSet<Guid> _withHeldFactsAndRecord = [];
    private readonly List<ClosedYear> _closed = [];

    /// <summary>The year now running; null until the market has its first covered entity.</summary>
    public ComplianceYear? CurrentYear { get; private set; }

    /// <summary>The year whose surrender deadline comes next.</summary>
    public ComplianceYear? NextToClose { get; private set; }

    public IReadOnlyList<ClosedYear> Closed => _closed;

    public IEnumerable<EntityFile> Files => _files.Values;

    public IEnumerable<ComplianceRecord> Records => _covered.Select(id => _files[id].Record!);

    public IEnumerable<EntityFile> WithHeldFacts => _withHeldFacts.Select(id => _files[id]);

    /// <summary>Those of them that have a record: without one nothing can be entered, and they need not be looked at.</summary>
    public IEnumerable<EntityFile> WithHeldFactsAndRecord => _withHeldFactsAndRecord.Select(id => _files[id]);

    public EntityFile? Find(Guid participantId) => _files.GetValueOrDefault(participantId);

    /// <summary>Records ordered by participant, after one of them.</summary>
    public IEnumerable<ComplianceRecord> RecordsAfter(Guid? participantId)
    {
        if (_covered.Count == 0)
            return [];
        var rest = participantId is { } after ? _covered.GetViewBetween(after, Guid.AllBitsSet) : _covered;
        return rest.SkipWhile(id => id == participantId).Select(id => _files[id].Record!);
    }

    public void Start(ComplianceYear year, ComplianceYear firstToClose) => (CurrentYear, NextToClose) = (year, firstToClose);

    public void Begin(ComplianceYear year, DateTimeOffset at)
    {
        CurrentYear = year;
        foreach (var id in _covered)
            _files[id].Evolve(new ComplianceEvent.YearBegun(id, year, at));
    }

    public void Close(ClosedYear year)
    {
        _closed.Add(year);
        NextToClose = year.Year.Next;
    }

    /// <summary>Changes one entity's file and keeps the indexes in step with it.</summary>
    public void Change(Guid participantId, Action<EntityFile> change)
    {
        if (!_files.TryGetValue(participantId, out var file))
            _files.Add(participantId, file = new EntityFile(participantId));
        change(file);
        Index(file);
    }

    public void Surrendered(UnitsSurrendered e) => Change(e.ParticipantId, file => file.Evolve(
        new ComplianceEvent.UnitsSurrendered(e.ParticipantId, e.SurrenderId, e.Blocks.Quantity, e.At, e.Year, e.IsOffset)));

    /// <summary>A transaction has brought units onto the surrender account for an entity, or off it again.</summary>
    public void Answered(Guid participantId, TransactionCompleted e) => Change(participantId, file => file.Evolve(
        e.Kind == CompletedKind.Surrendered
            ? new ComplianceEvent.UnitsSurrendered(participantId, e.TransactionId, e.Blocks.Quantity, e.At, e.Year, e.IsOffset)
            : new ComplianceEvent.SurrenderReversed(participantId, e.TransactionId, e.Blocks.Quantity, e.At, e.Year, e.IsOffset)));

    internal void Restore(EntityFile file)
    {
        _files.Add(file.ParticipantId, file);
        Index(file);
    }

    private void Index(EntityFile file)
    {
        if (file.Record is not null)
            _covered.Add(file.ParticipantId);
        Keep(_withHeldFacts, file.HoldsFacts);
        Keep(_withHeldFactsAndRecord, file.HoldsFacts && file.Record is not null);

        void Keep(SortedSet<Guid> index, bool belongs)
        {
            if (belongs)
                index.Add(file.ParticipantId);
            else
                index.Remove(file.ParticipantId);
        }
    }
}
