using CarbonMarket.Kernel;
using CarbonMarket.Settlement.Accounts;
using CarbonMarket.Settlement.Allocations;
using CarbonMarket.Settlement.CarryOvers;
using CarbonMarket.Settlement.Clearing;
using CarbonMarket.Settlement.DailyStatements;
using CarbonMarket.Settlement.Deadlines;
using CarbonMarket.Settlement.Debts;
using CarbonMarket.Settlement.Holds;
using CarbonMarket.Settlement.Issuances;
using CarbonMarket.Settlement.Obligations;
using CarbonMarket.Settlement.Payouts;
using CarbonMarket.Settlement.Penalties;
using CarbonMarket.Settlement.Transactions;
using CarbonMarket.Settlement.Withdrawals;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>
/// One market's book of record (登记簿): mutable, owned by the engine's writer, the same after every replay; nothing that
/// decides depends on the order of a hash table. All units and cash move through <see cref="Issue"/>, <see cref="Move"/>,
/// <see cref="Deposit"/>, <see cref="Withdraw"/> and <see cref="Pay"/>, where double entry is asserted.
/// </summary>
public sealed class LedgerState(RuleBook rules)
{
    public RuleBook Rules { get; } = rules;

    /// <summary>Events folded so far; refusals are journaled but change nothing and do not count.</summary>
    public long Version { get; set; }

    /// <summary>From when the last of them counts: its legal time, or that of one before it, whichever is later.</summary>
    public DateTimeOffset CountsFrom { get; set; }

    /// <summary>Fundings of trading accounts so far. They are counted, because Trading knows by its number what it has seen.</summary>
    public long Fundings { get; set; }

    public AccountBook Accounts { get; } = new(rules);

    public SerialRegister Serials { get; } = new();

    public SettlementBank Bank { get; } = new();

    public IssuanceDesk Issuances { get; } = new();

    public IssuanceCaps Caps { get; } = new();

    public AllocationDesk Allocations { get; } = new();

    public TransactionDesk Transactions { get; } = new();

    public FreezeDesk Freezes { get; } = new();

    public ClearingHouse Clearing { get; } = new();

    public ObjectionBook Objections { get; } = new();

    public WithdrawalDesk Withdrawals { get; } = new();

    public PayoutDesk Payouts { get; } = new();

    public ComplianceBook Compliance { get; } = new();

    public NetSales NetSales { get; } = new();

    public MonthlyTurnover Turnover { get; } = new();

    public PenaltyBook Penalties { get; } = new();

    public NoticeBook Notices { get; } = new();

    public DebtBook Debts { get; } = new();

    public CarryOverBook CarryOvers { get; } = new();

    /// <summary>Issuances, transfers, deposits and surrenders by the id their caller gave them, and what the platform did by itself.</summary>
    public Receipts Receipts { get; } = new();

    /// <summary>Brings new units into being on an account: the next serials of their instrument and vintage.</summary>
    public void Issue(Guid toAccountId, string instrument, Block block)
    {
        Serials.Extend(instrument, block);
        Accounts[toAccountId].Units.Put(instrument, block);
    }

    /// <summary>Moves exactly these units; whatever leaves one account arrives on the other.</summary>
    public void Move(Guid fromAccountId, Guid toAccountId, string instrument, Blocks blocks)
    {
        var (from, to) = (Accounts[fromAccountId], Accounts[toAccountId]);
        LedgerImbalanceException.Unless(from.Type is not (AccountTypes.Surrender or AccountTypes.Cancellation),
            $"Units never leave account {from.Number}: they are {from.Type}ed.");
        Carry(from, to, instrument, blocks);
    }

    /// <summary>What undoes a surrender is the only thing that takes units off the surrender account.</summary>
    public void TakeBack(Guid fromAccountId, Guid toAccountId, string instrument, Blocks blocks)
    {
        var (from, to) = (Accounts[fromAccountId], Accounts[toAccountId]);
        LedgerImbalanceException.Unless(from.Type == AccountTypes.Surrender, $"Account {from.Number} has no surrendered units.");
        Carry(from, to, instrument, blocks);
    }

    private static void Carry(Account from, Account to, string instrument, Blocks blocks)
    {
        foreach (var block in blocks)
        {
            from.Units.Take(instrument, block);
            to.Units.Put(instrument, block);
        }
    }

    public void Pay(Guid fromAccountId, Guid toAccountId, Money amount)
    {
        Accounts[fromAccountId].Debit(amount);
        Accounts[toAccountId].Credit(amount);
    }

    /// <summary>Cash the settlement bank has received for an account.</summary>
    public void Deposit(Guid accountId, Money amount)
    {
        Bank.Received(amount);
        Accounts[accountId].Credit(amount);
    }

    /// <summary>Cash the settlement bank is to pay out for an account.</summary>
    public void Withdraw(Guid accountId, Money amount)
    {
        Accounts[accountId].Debit(amount);
        Bank.PaidOut(amount);
    }
}

/// <summary>The bank's side of every cash posting: what the accounts hold together is what it received less what it paid.</summary>
public sealed class SettlementBank
{
    public Money Deposited { get; private set; }

    public Money Withdrawn { get; private set; }

    public void Received(Money amount) => Deposited += amount;

    public void PaidOut(Money amount)
    {
        LedgerImbalanceException.Unless(Withdrawn + amount <= Deposited, $"{amount} leaves a bank that holds {Deposited - Withdrawn}.");
        Withdrawn += amount;
    }
}
