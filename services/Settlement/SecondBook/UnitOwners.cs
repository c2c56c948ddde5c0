namespace CarbonMarket.Settlement.SecondBook;

/// <summary>Who has which units of one series: the last to whom they were given. Runs of serials that do not overlap.</summary>
internal sealed class UnitOwners
{
    private readonly SortedSet<Run> _runs = new(Comparer<Run>.Create((one, other) => one.First.CompareTo(other.First)));

    public IEnumerable<Run> Runs => _runs;

    public void Give(long first, long last, Guid owner)
    {
        CutBefore(first);
        CutBefore(last + 1);
        var given = _runs.GetViewBetween(At(first), At(last)).ToList();
        foreach (var run in given)
            _runs.Remove(run);
        _runs.Add(new Run(first, last, owner));
    }

    /// <summary>Makes a serial the first of its run.</summary>
    private void CutBefore(long serial)
    {
        if (_runs.GetViewBetween(At(0), At(serial)).Max is not { } run || run.First == serial || run.Last < serial)
            return;
        _runs.Remove(run);
        _runs.Add(run with { Last = serial - 1 });
        _runs.Add(run with { First = serial });
    }

    private static Run At(long serial) => new(serial, serial, Guid.Empty);

    internal sealed record Run(long First, long Last, Guid Owner);
}
