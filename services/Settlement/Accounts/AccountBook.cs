using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Ledger;

namespace CarbonMarket.Settlement.Accounts;

/// <summary>All accounts of one market. The authority's own (issuance, surrender, ...) are there from the first day.</summary>
public sealed class AccountBook
{
    private const long FirstParticipantSerial = 10_000_000;
    private readonly RuleBook _rules;
    private readonly Dictionary<Guid, Account> _byId = [];
    private readonly Dictionary<(Guid ParticipantId, string Type), Account> _byHolder = [];
    private readonly List<Account> _opened = [];
    private readonly Dictionary<Guid, List<int>> _placesByHolder = [];
    private readonly SortedSet<Guid> _traders = [];
    private readonly SortedSet<Guid> _withUntoldHolds = [];

    public AccountBook(RuleBook rules)
    {
        _rules = rules;
        foreach (var (index, type) in rules.AuthorityAccountTypes.Index())
            _byId.Add(AuthorityId(type), new Account(AuthorityId(type), AccountNumber.Of(rules.AccountNumberPrefix, index + 1), Guid.Empty, type));
    }

    /// <summary>Every account, the authority's included.</summary>
    public IEnumerable<Account> All => _byId.Values;

    /// <summary>The authority's own, in the order of their numbers.</summary>
    public IEnumerable<Account> OfAuthority => _rules.AuthorityAccountTypes.Select(type => _byId[AuthorityId(type)]);

    /// <summary>Participants' accounts in the order they were opened.</summary>
    public IReadOnlyList<Account> Opened => _opened;

    /// <summary>
    /// Accounts in the order they were opened, after that many of them; of one holder or of all. They are only ever added,
    /// so an account's place is a lasting cursor.
    /// </summary>
    public IEnumerable<(int Place, Account Account)> OpenedAfter(int seen, Guid? holder)
    {
        var places = holder is { } one
            ? _placesByHolder.GetValueOrDefault(one, []).Where(place => place > seen)
            : Enumerable.Range(1, _opened.Count).Skip(seen);
        return places.Select(place => (place, _opened[place - 1]));
    }

    public string NextNumber => AccountNumber.Of(_rules.AccountNumberPrefix, FirstParticipantSerial + _opened.Count + 1);

    public Account this[Guid accountId] => _byId.TryGetValue(accountId, out var account)
        ? account
        : throw new LedgerImbalanceException($"A posting names account {accountId}, which does not exist.");

    public Guid AuthorityId(string type) => AuthorityId(_rules.Market, type);

    public static Guid AuthorityId(string market, string type) => DeterministicGuid.From($"settlement:{market}:{type}");

    public Account? Find(Guid accountId) => _byId.GetValueOrDefault(accountId);

    /// <summary>The participant's account of that number; null: there is none, or a digit is wrong.</summary>
    public Account? Numbered(string number) =>
        AccountNumber.SerialOf(number) is { } serial && serial > FirstParticipantSerial && serial <= FirstParticipantSerial + _opened.Count
        && _opened[(int)(serial - FirstParticipantSerial) - 1] is var account && account.Number == number
            ? account
            : null;

    public Account? Of(Guid participantId, string type) => _byHolder.GetValueOrDefault((participantId, type));

    public Account? Trading(Guid participantId) => Of(participantId, AccountTypes.Trading);

    /// <summary>Trading accounts with held units that Trading does not know of, or with less of them than it knows of.</summary>
    public IEnumerable<Account> WithUntoldHolds => _withUntoldHolds.Select(id => _byId[id]);

    /// <summary>Trading accounts ordered by participant, after one of them.</summary>
    public IEnumerable<Account> TradingAfter(Guid? participantId)
    {
        if (_traders.Count == 0)
            return [];
        var rest = participantId is { } after ? _traders.GetViewBetween(after, Guid.AllBitsSet) : _traders;
        return rest.SkipWhile(holder => holder == participantId).Select(holder => _byHolder[(holder, AccountTypes.Trading)]);
    }

    public Account Open(Guid accountId, string number, Guid participantId, string type)
    {
        var account = new Account(accountId, number, participantId, type) { HoldsChanged = type == AccountTypes.Trading ? Weigh : null };
        _byId.Add(accountId, account);
        _byHolder.Add((participantId, type), account);
        _opened.Add(account);
        if (!_placesByHolder.TryGetValue(participantId, out var places))
            _placesByHolder.Add(participantId, places = []);
        places.Add(_opened.Count);
        if (type == AccountTypes.Trading)
            _traders.Add(participantId);
        return account;
    }

    private void Weigh(Account account)
    {
        if (account.UntoldHeld.Any())
            _withUntoldHolds.Add(account.Id);
        else
            _withUntoldHolds.Remove(account.Id);
    }
}
