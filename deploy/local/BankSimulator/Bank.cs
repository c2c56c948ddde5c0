using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonMarket.BankSimulator;

internal enum NoticeKind
{
    Credit,
    Paid,
    Refused,
}

/// <param name="Reason">Why an order is not paid.</param>
internal sealed record Entry(
    string Market, NoticeKind Kind, string Reference, Guid? OrderId, string? AccountNumber, long AmountMinor, string? Reason, DateTimeOffset BookedAt);

/// <param name="Number">Counts what the bank has said of a market.</param>
internal sealed record Notice(
    long Number, NoticeKind Kind, string Reference, Guid? OrderId, string? AccountNumber, long AmountMinor, string? Reason, DateTimeOffset BookedAt);

/// <summary>A line of the statement.</summary>
internal sealed record StatementLine(string Reference, NoticeKind Kind, Guid? OrderId, string? AccountNumber, long AmountMinor, DateTimeOffset BookedAt);

/// <summary>How the bank treats its customers.</summary>
/// <param name="HoldBack">How often it is asked before it tells of an entry: it is late.</param>
/// <param name="RepeatEvery">Every so manieth entry is told twice; 0: none.</param>
/// <param name="RefuseAboveMinor">Orders above it are not paid; null: all are.</param>
/// <param name="RefuseAccounts">Accounts for which it pays nothing.</param>
/// <param name="FailAboveMinor">Orders above it are answered with 500 and not known afterwards; null: none.</param>
internal sealed record Behaviour(
    int HoldBack = 0, int RepeatEvery = 0, long? RefuseAboveMinor = null, IReadOnlyList<string>? RefuseAccounts = null, long? FailAboveMinor = null);

/// <summary>
/// A settlement bank as it is: it does each order once, whatever happens to the answer, tells of what it did late and more than once,
/// and refuses some. With a file it remembers all of it.
/// </summary>
internal sealed class Bank
{
    private const int MostAtOnce = 200;
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly Lock _gate = new();
    private readonly string? _file;
    private readonly Dictionary<string, Branch> _branches = new(StringComparer.Ordinal);
    private Behaviour _behaviour;

    /// <param name="file">Where it remembers; null: nowhere.</param>
    public Bank(Behaviour behaviour, string? file)
    {
        (_behaviour, _file) = (behaviour, file);
        foreach (var line in file is not null && File.Exists(file) ? File.ReadLines(file) : [])
        {
            // A line that was not written to its end is one that nobody was answered for.
            if (Read(line) is not { } known)
                continue;
            if (!known.Said)
                Of(known.Entry.Market).Add(known.Entry);
            else
                Of(known.Entry.Market).Say(known.Entry);
        }
    }

    public Behaviour Behave(Behaviour behaviour)
    {
        lock (_gate)
            return _behaviour = behaviour;
    }

    /// <summary>Cash comes in for an account.</summary>
    /// <returns>False: the reference is of another entry.</returns>
    public bool Receive(string market, string reference, string accountNumber, long amountMinor, DateTimeOffset at)
    {
        lock (_gate)
            return Enter(new Entry(market, NoticeKind.Credit, reference, null, accountNumber, amountMinor, null, at));
    }

    /// <summary>Pays an order, or decides not to; an order that it knows already is done no second time.</summary>
    /// <returns>False: it knows the order with other content.</returns>
    public bool Pay(string market, Guid orderId, string accountNumber, long amountMinor, DateTimeOffset at)
    {
        lock (_gate)
        {
            var reason = _behaviour.RefuseAccounts?.Contains(accountNumber, StringComparer.Ordinal) is true ? "account-closed"
                : amountMinor > _behaviour.RefuseAboveMinor ? "above-limit"
                : null;
            var kind = reason is null ? NoticeKind.Paid : NoticeKind.Refused;
            return Enter(new Entry(market, kind, $"PAY-{orderId:N}", orderId, accountNumber, amountMinor, reason, at));
        }
    }

    /// <summary>True: it breaks down over an order of such an amount.</summary>
    public bool FailsOver(long amountMinor)
    {
        lock (_gate)
            return amountMinor > _behaviour.FailAboveMinor;
    }

    public IReadOnlyList<Notice> NoticesAfter(string market, long number)
    {
        lock (_gate)
        {
            var branch = Of(market);
            foreach (var entry in branch.ToSay(_behaviour))
            {
                Remember(new Line(entry, Said: true));
                branch.Say(entry);
            }
            return branch.NoticesAfter(number, MostAtOnce);
        }
    }

    /// <summary>What it booked on a day of the market's zone; what it refused is no entry.</summary>
    public IReadOnlyList<StatementLine> Statement(string market, DateOnly day, TimeZoneInfo zone, int skip, int limit)
    {
        lock (_gate)
            return
            [
                .. Of(market).Entries
                    .Where(entry => entry.Kind != NoticeKind.Refused && DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(entry.BookedAt, zone).DateTime) == day)
                    .Skip(skip).Take(limit)
                    .Select(entry => new StatementLine(entry.Reference, entry.Kind, entry.OrderId, entry.AccountNumber, entry.AmountMinor, entry.BookedAt)),
            ];
    }

    private bool Enter(Entry entry)
    {
        var branch = Of(entry.Market);
        if (branch.Find(entry.Reference) is { } known)
            return known.AccountNumber == entry.AccountNumber && known.AmountMinor == entry.AmountMinor && known.OrderId == entry.OrderId;
        Remember(new Line(entry, Said: false));
        branch.Add(entry);
        return true;
    }

    private void Remember(Line line)
    {
        if (_file is not null)
            File.AppendAllText(_file, JsonSerializer.Serialize(line, Json) + "\n");
    }

    private Branch Of(string market)
    {
        if (!_branches.TryGetValue(market, out var branch))
            _branches.Add(market, branch = new Branch());
        return branch;
    }

    private static Line? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <param name="Said">False: it was booked; true: it was told, once.</param>
    private sealed record Line(Entry Entry, bool Said);

    /// <summary>One market's accounts.</summary>
    private sealed class Branch
    {
        private readonly List<Entry> _entries = [];
        private readonly Dictionary<string, Entry> _byReference = new(StringComparer.Ordinal);
        private readonly List<Notice> _said = [];
        private readonly HashSet<string> _told = new(StringComparer.Ordinal);
        private int _asked;

        public IReadOnlyList<Entry> Entries => _entries;

        public Entry? Find(string reference) => _byReference.GetValueOrDefault(reference);

        public void Add(Entry entry)
        {
            _entries.Add(entry);
            _byReference.Add(entry.Reference, entry);
        }

        /// <summary>Entries are told in the order in which they were booked, when the bank has been asked often enough.</summary>
        public IReadOnlyList<Entry> ToSay(Behaviour behaviour)
        {
            if (_told.Count == _entries.Count || ++_asked <= behaviour.HoldBack)
                return [];
            _asked = 0;
            return
            [
                .. from place in Enumerable.Range(_told.Count, _entries.Count - _told.Count)
                   from entry in Enumerable.Repeat(_entries[place], behaviour.RepeatEvery > 0 && (place + 1) % behaviour.RepeatEvery == 0 ? 2 : 1)
                   select entry,
            ];
        }

        public void Say(Entry entry)
        {
            _told.Add(entry.Reference);
            _said.Add(new Notice(
                _said.Count + 1, entry.Kind, entry.Reference, entry.OrderId, entry.AccountNumber, entry.AmountMinor, entry.Reason, entry.BookedAt));
        }

        public IReadOnlyList<Notice> NoticesAfter(long number, int most) => [.. _said.Skip((int)Math.Min(number, _said.Count)).Take(most)];
    }
}
