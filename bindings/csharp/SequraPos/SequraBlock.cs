// A runtime may have an attribute of this name already; the assembly's own serves all.
#pragma warning disable 436

using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace SequraPos
{
    /// <summary>
    /// A part of an order: what SequraOrderContent and the classes in it have in common. A property that is null is left
    /// out. One thread at a time.
    /// </summary>
    public abstract class SequraBlock
    {
        private const int Deepest = 100;

        private readonly Dictionary<string, object> fields = new Dictionary<string, object>();
        private readonly Dictionary<string, object> others = new Dictionary<string, object>();

        /// <summary>
        /// Fields that this assembly does not know, since seQura has them newly; they are sent as they are. A value is
        /// null, a text, a flag, a whole number, a list, a dictionary by text, or another block.
        /// </summary>
        public IDictionary<string, object> OtherFields
        {
            get { return others; }
        }

        /// <summary>The same as JSON: what the calls of SequraClient take.</summary>
        public string ToJson()
        {
            var text = new StringBuilder();
            Write(text, 0);
            return text.ToString();
        }

        /// <summary>What it is, and not what is in it: a log is no place for a shopper.</summary>
        public override string ToString()
        {
            return GetType().Name;
        }

        /// <summary>The type that it says it is, in a list whose entries are of several; null elsewhere.</summary>
        internal virtual string Type
        {
            get { return null; }
        }

        /// <summary>The field that is said as null where there is nothing to say; null: there is none.</summary>
        internal virtual string SaidAsNull
        {
            get { return null; }
        }

        internal object this[string name]
        {
            get
            {
                object value;
                return fields.TryGetValue(name, out value) ? value : null;
            }
            set
            {
                fields[name] = value;
            }
        }

        /// <summary>Which of these words the field is; null: none.</summary>
        internal int? Word(string name, object[] words)
        {
            int at = Array.IndexOf(words, this[name]);
            return at < 0 ? (int?)null : at;
        }

        private void Write(StringBuilder text, int depth)
        {
            text.Append('{');
            if (Type != null)
                Write(text, "type", Type, depth);
            foreach (KeyValuePair<string, object> field in fields)
                if (field.Value != null && !others.ContainsKey(field.Key))
                    Write(text, field.Key, field.Value, depth);
            if (SaidAsNull != null && this[SaidAsNull] == null && !others.ContainsKey(SaidAsNull))
                Write(text, SaidAsNull, null, depth);
            foreach (KeyValuePair<string, object> field in others)
                Write(text, field.Key, field.Value, depth);
            text.Append('}');
        }

        private static void Write(StringBuilder text, string name, object value, int depth)
        {
            if (text[text.Length - 1] != '{')
                text.Append(',');
            WriteText(text, name);
            text.Append(':');
            WriteValue(text, value, depth + 1);
        }

        private static void WriteValue(StringBuilder text, object value, int depth)
        {
            // What holds itself would end the program.
            if (depth > Deepest)
                throw new ArgumentException("An order is not so deep: does something in OtherFields hold itself?");
            var block = value as SequraBlock;
            var named = value as IDictionary;
            var list = value as IEnumerable;
            if (value == null)
                text.Append("null");
            else if (block != null)
                block.Write(text, depth);
            else if (value is string)
                WriteText(text, (string)value);
            else if (value is bool)
                text.Append((bool)value ? "true" : "false");
            else if (named != null)
            {
                text.Append('{');
                foreach (DictionaryEntry entry in named)
                    Write(text, (string)entry.Key, entry.Value, depth);
                text.Append('}');
            }
            else if (list != null)
            {
                text.Append('[');
                foreach (object entry in list)
                {
                    if (text[text.Length - 1] != '[')
                        text.Append(',');
                    WriteValue(text, entry, depth + 1);
                }
                text.Append(']');
            }
            else
                text.Append(WholeNumber(value).ToString(CultureInfo.InvariantCulture));
        }

        private static long WholeNumber(object value)
        {
            if (value is double || value is float || value is decimal || value is char || !(value is IConvertible))
                throw new ArgumentException("An order has no " + value.GetType().Name + ": amounts are whole cents.");
            return ((IConvertible)value).ToInt64(CultureInfo.InvariantCulture);
        }

        private static void WriteText(StringBuilder text, string value)
        {
            text.Append('"');
            foreach (char letter in value)
            {
                if (letter == '"' || letter == '\\')
                    text.Append('\\').Append(letter);
                else if (letter < ' ')
                    text.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture));
                else
                    text.Append(letter);
            }
            text.Append('"');
        }
    }

    /// <summary>A line of a cart: SequraProduct, SequraDiscount, ...</summary>
    public abstract class SequraItem : SequraBlock
    {
        internal SequraItem()
        {
        }
    }

    /// <summary>Where a parcel is: SequraPostal, SequraPickupStore, SequraPickupPoint.</summary>
    public abstract class SequraTracking : SequraBlock
    {
        internal SequraTracking()
        {
        }
    }

    /// <summary>
    /// A reference of the shop's own, which is a text or a whole number: either can be put where one is wanted.
    /// </summary>
    public struct SequraReference
    {
        private readonly object value;

        internal SequraReference(object value)
        {
            this.value = value;
        }

        /// <summary>A string, a long, or null where there is none.</summary>
        [MaybeNull]
        public object Value
        {
            get { return value; }
        }

        /// <summary>A text.</summary>
        public static implicit operator SequraReference(string text)
        {
            return new SequraReference(text);
        }

        /// <summary>A whole number.</summary>
        public static implicit operator SequraReference(long number)
        {
            return new SequraReference(number);
        }

        /// <summary>As it is written; "" where there is none.</summary>
        public override string ToString()
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture);
        }
    }
}
