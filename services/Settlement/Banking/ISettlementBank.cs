using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Banking;

/// <summary>Pay so much to the bank account that belongs to a trading account.</summary>
/// <param name="OrderId">The withdrawal's id.</param>
public sealed record PaymentOrder(Guid OrderId, string AccountNumber, Money Amount);

public enum BankNoticeKind
{
    /// <summary>Cash has come in for a trading account.</summary>
    Credit,

    /// <summary>An order was paid.</summary>
    Paid,

    /// <summary>An order was not paid and will not be.</summary>
    Refused,
}

/// <summary>What the bank has to say. It may say it late, more than once, and in any order.</summary>
/// <param name="Number">Counts what the bank has said.</param>
/// <param name="Reference">The bank's own name of its entry; the same entry has the same.</param>
/// <param name="OrderId">Of a payment.</param>
/// <param name="AccountNumber">Of a credit, as the payer has written it.</param>
/// <param name="Reason">Why an order was refused.</param>
public sealed record BankNotice(
    long Number, BankNoticeKind Kind, string Reference, Guid? OrderId, string? AccountNumber, Money AmountMinor, string? Reason, DateTimeOffset BookedAt);

/// <summary>A line of the bank's statement: cash that came in or was paid.</summary>
public sealed record BankEntry(string Reference, BankNoticeKind Kind, Guid? OrderId, string? AccountNumber, Money AmountMinor, DateTimeOffset BookedAt)
{
    /// <summary>The deposit or withdrawal that it is in the ledger.</summary>
    public Guid TransactionIdIn(string market) => OrderId ?? DepositId(market, Reference);

    public EntryKey KeyIn(string market) => new(TransactionIdIn(market), Kind == BankNoticeKind.Credit);

    /// <summary>The same for the same entry of the bank, however often it tells of it.</summary>
    public static Guid DepositId(string market, string reference) => DeterministicGuid.From($"settlement-bank:{market}:{reference}");
}

/// <summary>
/// The bank that holds the market's cash (结算银行), as the ledger needs it. It is another house: it may be away, answers when it
/// likes, and only its statement says what it did.
/// </summary>
public interface ISettlementBank
{
    /// <summary>Hands an order over; the same again changes nothing. Whether it is paid is told by a notice.</summary>
    /// <returns>False: the bank takes no such order, whenever it is asked.</returns>
    Task<bool> Pay(PaymentOrder order, CancellationToken cancellationToken);

    /// <summary>What it has said since, at most a few hundred at once.</summary>
    Task<IReadOnlyList<BankNotice>> NoticesAfter(long number, CancellationToken cancellationToken);

    /// <summary>All entries of a legal day.</summary>
    Task<IReadOnlyList<BankEntry>> StatementOf(DateOnly day, CancellationToken cancellationToken);
}
