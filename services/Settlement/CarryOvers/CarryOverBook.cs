using System.Collections.Immutable;
using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.CarryOvers;

/// <summary>Units that are to be carried over; they are held until their batch is carried out.</summary>
/// <param name="DueAt">First instant of the day on which the batch is carried out.</param>
public sealed record CarryOverRequest(
    Guid RequestId, Guid ParticipantId, Guid AccountId, ComplianceYear IntoYear, string Instrument, Blocks Blocks, DateTimeOffset DueAt, bool IsLate);

/// <summary>One participant's share in one carry-over.</summary>
/// <param name="Held">Units of the old vintages at the snapshot, on all of its accounts.</param>
/// <param name="Requested">Under way or carried over.</param>
/// <param name="FrozenAtClose">Frozen when the last request could be filed; it may still be filed once it is free.</param>
/// <param name="RequestedLate">Of what was frozen, filed since.</param>
public sealed record CarryOverFile(Quantity Held, Quantity Requested, Quantity FrozenAtClose, Quantity RequestedLate);

/// <summary>
/// Carry-overs (结转) and their requests. One file for each carry-over and participant that held something at its snapshot;
/// a request stays until it is carried out or ended.
/// </summary>
public sealed class CarryOverBook
{
    private static readonly CarryOverFile Nothing = new(Quantity.Zero, Quantity.Zero, Quantity.Zero, Quantity.Zero);

    private readonly SortedDictionary<(int IntoYear, Guid ParticipantId), CarryOverFile> _files = [];
    private readonly SortedDictionary<Guid, CarryOverRequest> _pending = [];
    private readonly SortedSet<(DateTimeOffset DueAt, Guid RequestId)> _due = [];
    private readonly SortedSet<int> _snapshots = [];
    private readonly SortedSet<int> _closed = [];

    public IReadOnlyDictionary<Guid, CarryOverRequest> Pending => _pending;

    /// <summary>Carry-overs whose snapshot is taken, by the year they lead into.</summary>
    public IReadOnlyCollection<int> Snapshots => _snapshots;

    /// <summary>Carry-overs that take no more requests, but for what was frozen.</summary>
    public IReadOnlyCollection<int> Closed => _closed;

    public bool HasSnapshot(int intoYear) => _snapshots.Contains(intoYear);

    public bool IsClosed(int intoYear) => _closed.Contains(intoYear);

    public CarryOverFile Of(Guid participantId, int intoYear) => _files.GetValueOrDefault((intoYear, participantId), Nothing);

    public IEnumerable<CarryOverRequest> PendingOf(Guid participantId) => _pending.Values.Where(request => request.ParticipantId == participantId);

    /// <summary>Requests whose batch is carried out by a moment, the earliest first.</summary>
    public IEnumerable<CarryOverRequest> DueBy(DateTimeOffset at) => _due.TakeWhile(entry => entry.DueAt <= at).Select(entry => _pending[entry.RequestId]);

    public void Change(Guid participantId, int intoYear, Func<CarryOverFile, CarryOverFile> change) =>
        _files[(intoYear, participantId)] = change(Of(participantId, intoYear));

    public void TakeSnapshot(int intoYear) => _snapshots.Add(intoYear);

    public void Close(int intoYear) => _closed.Add(intoYear);

    public void Begin(CarryOverRequest request)
    {
        _pending.Add(request.RequestId, request);
        _due.Add((request.DueAt, request.RequestId));
    }

    public CarryOverRequest End(Guid requestId)
    {
        var request = _pending[requestId];
        _pending.Remove(requestId);
        _due.Remove((request.DueAt, requestId));
        return request;
    }

    internal Parts ToParts() => new([.. _files.Select(entry => new FilePart(entry.Key.IntoYear, entry.Key.ParticipantId, entry.Value))],
        [.. _pending.Values], [.. _snapshots], [.. _closed]);

    internal void Restore(Parts parts)
    {
        foreach (var file in parts.Files)
            _files.Add((file.IntoYear, file.ParticipantId), file.File);
        foreach (var request in parts.Pending)
            Begin(request);
        _snapshots.UnionWith(parts.Snapshots);
        _closed.UnionWith(parts.Closed);
    }

    internal sealed record FilePart(int IntoYear, Guid ParticipantId, CarryOverFile File);

    internal sealed record Parts(
        ImmutableArray<FilePart> Files, ImmutableArray<CarryOverRequest> Pending, ImmutableArray<int> Snapshots, ImmutableArray<int> Closed);
}
